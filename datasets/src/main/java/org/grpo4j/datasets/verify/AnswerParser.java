package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The structure of an answer: lists, relations, sets, tuples, matrices, and quantities in them. Everything must be
 * understood; what is not, is no value.
 */
final class AnswerParser {

    private static final int DEEPEST = 10;

    private final Budget budget;
    private final boolean plain;
    private final QuantityParser quantities;
    private final GroupParser groups;
    private final RelationParser relations;
    private int depth;
    private @Nullable Boolean upper;

    private AnswerParser(Budget budget, boolean plain) {
        this.budget = budget;
        this.plain = plain;
        this.quantities = new QuantityParser(budget, plain);
        this.groups = new GroupParser(this);
        this.relations = new RelationParser(this, budget);
    }

    /**
     * The value of an answer; {@link Value.Words} when it is words.
     *
     * @param plain whether it comes from running text, where {@code 12,75} is a decimal and {@code 5 m} has a unit
     * @throws Unparsed when it is nothing known
     */
    static Value parse(List<Token> tokens, boolean plain, Budget budget) {
        return new AnswerParser(budget, plain).answer(tokens);
    }

    private Value answer(List<Token> tokens) {
        if (tokens.isEmpty()) {
            throw Unparsed.because("nothing");
        }
        if (tokens.size() == 1 && tokens.get(0).kind() == Token.Kind.TEXT) {
            return text(tokens.get(0).text());
        }
        Value choice = ChoiceParser.parse(tokens, rest -> parse(rest, plain, budget));
        if (choice != null) {
            return choice;
        }
        Value words = words(tokens);
        return words != null ? words : list(tokens);
    }

    /** What stands in a text by itself is read as running text, unless it is a letter of a multiple choice. */
    private Value text(String text) {
        if (text.length() == 1 && Character.isUpperCase(text.charAt(0))) {
            return new Value.Choice(text, null);
        }
        List<Token> inside = Lexer.split(text);
        if (inside.size() == 1 && inside.get(0).kind() == Token.Kind.TEXT) {
            return new Value.Words(text.toLowerCase(Locale.ROOT));
        }
        return parse(inside, true, budget);
    }

    private static @Nullable Value words(List<Token> tokens) {
        String key = Words.of(tokens);
        if (key == null) {
            return null;
        }
        return switch (key) {
            case "all real numbers", "real numbers", "all reals", "set of real numbers" -> new Value.NamedSet("R");
            case "empty set" -> new Value.Unordered(Value.Unordered.Kind.SET, List.of());
            default -> new Value.Words(key);
        };
    }

    /** A list at the top level, where nothing but commas says that it is one. */
    private Value list(List<Token> tokens) {
        List<Token> joined = Commas.joined(Commas.decimal(tokens, plain), false);
        List<Value> items = items(joined);
        if (items.size() == 1) {
            return items.get(0);
        }
        if (items.stream().anyMatch(AnswerParser::isWordy) && !items.stream().allMatch(AnswerParser::isWordy)) {
            throw Unparsed.because("words in a list");
        }
        Value condition = Conditions.joined(items, joined);
        return condition != null ? condition : new Value.Unordered(Value.Unordered.Kind.LIST, items);
    }

    private static boolean isWordy(Value value) {
        return value instanceof Value.Words || value instanceof Value.Choice;
    }

    /** The members of a list, both values of plus-minus in place of one. */
    List<Value> items(List<Token> tokens) {
        List<List<Token>> parts = TokenLists.split(tokens, Commas::separates);
        List<Value> values = new ArrayList<>();
        for (int i = 0; i < parts.size(); i++) {
            List<Token> part = parts.get(i);
            boolean doubled = part.isEmpty() && i > 0 && i < parts.size() - 1;
            if (doubled) {
                // "2, 3, and 5" has nothing between the comma and the word.
                continue;
            }
            Value value = single(part);
            if (parts.size() > 1
                    && value instanceof Value.Unordered inner
                    && inner.kind() == Value.Unordered.Kind.PLUS_MINUS) {
                values.addAll(inner.items());
            } else {
                values.add(value);
            }
        }
        return values;
    }

    /** One member of a list. */
    Value single(List<Token> tokens) {
        if (tokens.isEmpty()) {
            throw Unparsed.because("an empty place");
        }
        if (++depth > DEEPEST) {
            throw Unparsed.tooLarge("nested deeper than " + DEEPEST);
        }
        Value value = upper == null && !groups.isSet(tokens) && PlusMinus.count(tokens) > 0
                ? plusMinus(tokens)
                : relationOrValue(tokens);
        depth--;
        return value;
    }

    /** {@code a \pm b} is both a + b and a - b. */
    private Value plusMinus(List<Token> tokens) {
        if (PlusMinus.count(tokens) > 1) {
            throw Unparsed.because("several plus-minus signs");
        }
        upper = true;
        Value first = relationOrValue(tokens);
        upper = false;
        Value second = relationOrValue(tokens);
        upper = null;
        return new Value.Unordered(Value.Unordered.Kind.PLUS_MINUS, List.of(first, second));
    }

    private Value relationOrValue(List<Token> tokens) {
        Value relation = relations.parse(tokens);
        return relation != null ? relation : value(tokens);
    }

    /** A value without a relation. */
    private Value value(List<Token> tokens) {
        if (tokens.size() == 1 && tokens.get(0).kind() == Token.Kind.TEXT) {
            return text(tokens.get(0).text());
        }
        if (TokenLists.isOneGroup(tokens) && tokens.get(0).is("{")) {
            return single(TokenLists.inside(tokens));
        }
        Value group = groups.parse(tokens);
        if (group != null) {
            return group;
        }
        Value words = words(tokens);
        return words != null ? words : quantities.parse(tokens, isUpper());
    }

    /** Whether a plus-minus sign is to be read by its upper half. */
    boolean isUpper() {
        return upper == null || upper;
    }

    Expression expression(List<Token> tokens) {
        return ExpressionParser.parse(tokens, isUpper());
    }

    Value.Quantity quantity(Expression expression) {
        return quantities.quantity(expression);
    }
}

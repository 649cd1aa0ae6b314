package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Numbers and expressions with what may stand behind them: per cent, degrees, units, a base. */
final class QuantityParser {

    private static final int SIGNIFICANT = 6;
    private static final Set<String> INFINITY = Set.of("infty", "infinity", "inf", "oo");
    private static final List<String> BASES =
            List.of("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve");

    private static final Pattern LEADING_ZEROS = Pattern.compile("^0{1,2000}");

    private final Budget budget;
    private final boolean plain;

    QuantityParser(Budget budget, boolean plain) {
        this.budget = budget;
        this.plain = plain;
    }

    /** @param upper whether a plus-minus sign is read by its upper half */
    Value parse(List<Token> tokens, boolean upper) {
        Value special = special(tokens, upper);
        if (special != null) {
            return special;
        }
        List<Token> bare = withoutScale(tokens);
        boolean sign = bare.size() > 1 && bare.get(bare.size() - 1).is("%");
        Units.Split split = Units.split(sign ? bare.subList(0, bare.size() - 1) : bare, plain);
        List<Token> number = withoutMarks(split.number());
        Expression expression = ExpressionParser.parse(number, upper);
        boolean word = split.any() && tokens.get(split.number().size()).kind() == Token.Kind.LETTERS;
        if (word && !expression.variables().isEmpty()) {
            throw Unparsed.because("words after an expression");
        }
        Rational half = halfUnit(number);
        if (split.exponent() > 0) {
            Rational scale = Rational.tenTo(split.exponent());
            expression = new Expression.Product(List.of(expression, new Expression.Numeral(scale)));
            half = half == null ? null : half.times(scale);
        }
        Value.Quantity plainQuantity = quantity(expression);
        return new Value.Quantity(expression, plainQuantity.number(), sign || split.percent(), half);
    }

    Value.Quantity quantity(Expression expression) {
        Scalar number = expression.variables().isEmpty()
                ? new Evaluator(Numbers.DIGITS, Map.of(), budget).value(expression)
                : null;
        return new Value.Quantity(expression, number, false, null);
    }

    private static @Nullable Value special(List<Token> tokens, boolean upper) {
        boolean signed =
                tokens.get(0).is("-") || tokens.get(0).is("+") || tokens.get(0).is("pm");
        if (tokens.size() == (signed ? 2 : 1)
                && INFINITY.contains(tokens.get(tokens.size() - 1).text())) {
            return new Value.Infinite(tokens.get(0).is("-") || tokens.get(0).is("pm") && !upper);
        }
        String time = Times.of(tokens);
        if (time != null) {
            return new Value.Words(time);
        }
        Value based = based(tokens);
        return based != null ? based : ratio(tokens, upper);
    }

    private static @Nullable Value ratio(List<Token> tokens, boolean upper) {
        if (TokenLists.find(tokens, token -> token.is(":")) < 0) {
            return null;
        }
        List<Expression> terms = new ArrayList<>();
        for (List<Token> part : TokenLists.split(tokens, token -> token.is(":"))) {
            terms.add(ExpressionParser.parse(part, upper));
        }
        return new Value.Ratio(terms);
    }

    /** {@code 2516_8}, {@code 52_{\text{eight}}}, {@code 52 base 8}. */
    private static @Nullable Value based(List<Token> tokens) {
        int mark = 0;
        while (mark < tokens.size() && isDigits(tokens.get(mark))) {
            mark++;
        }
        boolean digits = mark > 0 && tokens.subList(0, mark).stream().anyMatch(Token::isNumber);
        if (!digits || mark == tokens.size()) {
            return null;
        }
        List<Token> rest = tokens.subList(mark + 1, tokens.size()).stream()
                .filter(token -> !token.is("{") && !token.is("}") && !token.is("(") && !token.is(")"))
                .toList();
        String word = tokens.get(mark).text().toLowerCase(Locale.ROOT);
        boolean named = tokens.get(mark).isWordy() && (word.equals("base") || word.startsWith("base "));
        if (!tokens.get(mark).is("_") && !named || rest.size() > 1) {
            return null;
        }
        String base = rest.isEmpty()
                ? word.substring(Math.min(word.length(), 5))
                : rest.get(0).text();
        int number = BASES.indexOf(base);
        base = number < 0 ? base : Integer.toString(number + 2);
        boolean known = base.length() <= 2 && !base.isEmpty() && base.chars().allMatch(Character::isDigit);
        StringBuilder text = new StringBuilder();
        tokens.subList(0, mark).forEach(token -> text.append(token.text()));
        return known ? new Value.Based(text.toString(), base) : null;
    }

    private static boolean isDigits(Token token) {
        boolean letters =
                token.kind() == Token.Kind.LETTERS && token.text().chars().allMatch(c -> c >= 'A' && c <= 'F');
        return letters || token.isNumber() && token.text().chars().allMatch(Character::isDigit);
    }

    /** Without the letter of a temperature scale behind a degree sign. */
    private static List<Token> withoutScale(List<Token> tokens) {
        int last = tokens.size() - 1;
        boolean scale = last > 1
                && tokens.get(last - 1).is("°")
                && (tokens.get(last).text().equals("C")
                        || tokens.get(last).text().equals("F"));
        return scale ? tokens.subList(0, last) : tokens;
    }

    /** Without marks of minutes and seconds behind a number. */
    private static List<Token> withoutMarks(List<Token> tokens) {
        int end = tokens.size();
        while (end > 1 && (tokens.get(end - 1).is("'") || tokens.get(end - 1).is("\""))) {
            end--;
        }
        return end > 0 && end < tokens.size() && tokens.get(end - 1).isNumber() ? tokens.subList(0, end) : tokens;
    }

    /** Half a unit of the last digit of a long decimal, perhaps times a power of ten; else null. */
    private static @Nullable Rational halfUnit(List<Token> tokens) {
        int at = !tokens.isEmpty() && (tokens.get(0).is("-") || tokens.get(0).is("+")) ? 1 : 0;
        if (at >= tokens.size()
                || !tokens.get(at).isNumber()
                || tokens.get(at).text().indexOf('(') >= 0) {
            return null;
        }
        String numeral = tokens.get(at).text();
        int e = Math.max(numeral.indexOf('e'), numeral.indexOf('E'));
        String mantissa = e < 0 ? numeral : numeral.substring(0, e);
        int point = mantissa.indexOf('.');
        if (point < 0) {
            return null;
        }
        String significant = LEADING_ZEROS.matcher(mantissa.replace(".", "")).replaceAll("");
        Integer power = power(tokens.subList(at + 1, tokens.size()));
        if (significant.length() < SIGNIFICANT || power == null) {
            return null;
        }
        int exponent = power + (e < 0 ? 0 : Integer.parseInt(numeral.substring(e + 1)));
        return Rational.of(1, 2).times(Rational.tenTo(exponent - (mantissa.length() - point - 1)));
    }

    /** The exponent of {@code \times 10^{n}}, 0 when nothing stands there, null for anything else. */
    private static @Nullable Integer power(List<Token> tokens) {
        if (tokens.isEmpty()) {
            return 0;
        }
        List<Token> bare = tokens.stream()
                .filter(token -> !token.is("{") && !token.is("}"))
                .toList();
        boolean minus = bare.size() == 5 && bare.get(3).is("-");
        boolean scientific = (bare.size() == 4 || minus)
                && bare.get(0).is("*")
                && bare.get(1).text().equals("10")
                && bare.get(2).is("^")
                && bare.get(bare.size() - 1).text().matches("\\d{1,4}");
        if (!scientific) {
            return null;
        }
        int size = Integer.parseInt(bare.get(bare.size() - 1).text());
        return minus ? -size : size;
    }
}

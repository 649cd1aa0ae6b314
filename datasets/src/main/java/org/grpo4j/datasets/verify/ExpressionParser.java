package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Recursive descent over the tokens of one expression, plain or LaTeX. Everything must be understood: a token that has no
 * place ends the parse.
 */
final class ExpressionParser {

    private static final Token END = new Token(Token.Kind.END, "", false);
    private static final Set<String> GREEK = Set.of(
            "alpha", "beta", "gamma", "delta", "epsilon", "theta", "lambda", "mu", "nu", "xi", "rho", "sigma", "tau",
            "phi", "varphi", "psi", "omega", "Delta", "Omega");

    private final List<Token> tokens;
    private int next;
    private int depth;

    private ExpressionParser(List<Token> tokens) {
        this.tokens = tokens;
    }

    static Expression parse(List<Token> tokens) {
        ExpressionParser parser = new ExpressionParser(tokens);
        Expression expression = parser.sum();
        if (parser.peek() != END) {
            throw Unparsed.because("\"" + parser.peek().text() + "\" was not expected");
        }
        return expression;
    }

    private Expression sum() {
        if (++depth > Budget.DEPTH) {
            throw Unparsed.tooLarge("nested deeper than " + Budget.DEPTH);
        }
        List<Expression> terms = new ArrayList<>();
        boolean negative = sign();
        terms.add(signed(product(), negative));
        while (peek().is("+") || peek().is("-")) {
            negative = take().is("-");
            terms.add(signed(product(), negative));
        }
        depth--;
        return terms.size() == 1 ? terms.get(0) : new Expression.Sum(terms);
    }

    private boolean sign() {
        if (peek().is("+") || peek().is("-")) {
            return take().is("-");
        }
        return false;
    }

    private static Expression signed(Expression expression, boolean negative) {
        return negative ? new Expression.Negative(expression) : expression;
    }

    private Expression product() {
        List<Expression> factors = new ArrayList<>();
        factors.add(factor());
        while (true) {
            if (peek().is("*") || peek().isCommand("cdot") || peek().isCommand("times")) {
                take();
                boolean negative = sign();
                factors.add(signed(factor(), negative));
            } else if (peek().is("/") || peek().isCommand("div")) {
                take();
                factors.add(new Expression.Inverse(factor()));
            } else if (startsFactor(peek())) {
                factors.add(factor());
            } else {
                return factors.size() == 1 ? factors.get(0) : new Expression.Product(factors);
            }
        }
    }

    /** What may stand beside a factor to be multiplied with it; a numeral may not, "3 4" is no product. */
    private static boolean startsFactor(Token token) {
        return switch (token.kind()) {
            case LETTERS -> true;
            case COMMAND -> !token.text().equals("circ");
            case SIGN -> token.is("(") || token.is("{");
            default -> false;
        };
    }

    private Expression factor() {
        Expression base = mixed(base());
        if (peek().is("^")) {
            take();
            if (degreeSign()) {
                return new Expression.Degrees(base);
            }
            boolean negative = sign();
            base = new Expression.Power(base, signed(argument(false), negative));
        }
        if (peek().is("!") || peek().is("^")) {
            throw Unparsed.because("\"" + peek().text() + "\" is not known here");
        }
        return base;
    }

    private boolean degreeSign() {
        if (peek().isCommand("circ")) {
            take();
            return true;
        }
        if (peek().is("{") && next + 2 < tokens.size() && tokens.get(next + 1).isCommand("circ")) {
            next += 3;
            return true;
        }
        return false;
    }

    /** {@code 1\frac{4}{5}} and {@code 3 1/2} are sums: a whole number directly before a proper fraction of numerals. */
    private Expression mixed(Expression base) {
        if (!(base instanceof Expression.Numeral whole) || whole.digits().contains(".")) {
            return base;
        }
        if (peek().isCommand("frac")) {
            int before = next;
            Expression fraction = base();
            if (Fractions.isOfNumerals(fraction)) {
                return new Expression.Sum(List.of(base, fraction));
            }
            next = before;
        } else if (peek().kind() == Token.Kind.NUMBER && peek().spaced()) {
            Expression top = new Expression.Numeral(take().text());
            expect("/");
            if (peek().kind() != Token.Kind.NUMBER) {
                throw Unparsed.because("two numbers side by side");
            }
            Expression bottom = new Expression.Numeral(take().text());
            return new Expression.Sum(
                    List.of(base, new Expression.Product(List.of(top, new Expression.Inverse(bottom)))));
        }
        return base;
    }

    private Expression base() {
        Token token = take();
        switch (token.kind()) {
            case NUMBER:
                return new Expression.Numeral(token.text());
            case LETTERS:
                return letters(token.text());
            case COMMAND:
                return command(token.text());
            case SIGN:
                if (token.is("(") || token.is("{")) {
                    Expression inner = sum();
                    expect(token.is("(") ? ")" : "}");
                    return inner;
                }
                break;
            default:
                break;
        }
        throw Unparsed.because(token == END ? "something is missing" : "\"" + token.text() + "\" was not expected");
    }

    /** One letter is a variable, more are several, unless they name a function; long words are no mathematics. */
    private Expression letters(String letters) {
        if (Functions.NAMES.contains(letters)) {
            return call(letters);
        }
        if (letters.equals("sqrt")) {
            return root();
        }
        if (letters.equals("pi")) {
            return new Expression.Name(Atoms.PI);
        }
        if (letters.length() > 3) {
            throw Unparsed.because("the word " + letters);
        }
        if (letters.length() == 1) {
            return new Expression.Name(letters + subscript());
        }
        List<Expression> variables = new ArrayList<>();
        letters.chars().forEach(letter -> variables.add(new Expression.Name(Character.toString(letter))));
        // A power belongs to the last letter alone: xy^2 is x times y squared.
        Expression last = variables.remove(variables.size() - 1);
        if (peek().is("^")) {
            take();
            boolean negative = sign();
            last = new Expression.Power(last, signed(argument(false), negative));
        }
        variables.add(last);
        return new Expression.Product(variables);
    }

    private String subscript() {
        if (!peek().is("_")) {
            return "";
        }
        take();
        Expression index = argument(true);
        if (index instanceof Expression.Numeral number) {
            return "_" + number.digits();
        }
        if (index instanceof Expression.Name name) {
            return "_" + name.name();
        }
        throw Unparsed.because("a subscript that is neither number nor letter");
    }

    private Expression command(String name) {
        if (Functions.NAMES.contains(name)) {
            return call(name);
        }
        if (GREEK.contains(name)) {
            return new Expression.Name(name + subscript());
        }
        return switch (name) {
            case "pi" -> new Expression.Name(Atoms.PI);
            case "infty" -> new Expression.Name(Atoms.INFINITY);
            case "sqrt" -> root();
            case "frac" -> {
                Expression top = argument(true);
                yield new Expression.Product(List.of(top, new Expression.Inverse(argument(true))));
            }
            default -> throw Unparsed.because("the command " + name);
        };
    }

    private Expression root() {
        Expression degree = new Expression.Numeral("2");
        if (peek().is("[")) {
            take();
            degree = sum();
            expect("]");
        }
        return new Expression.Power(nestedArgument(), new Expression.Inverse(degree));
    }

    private Expression nestedArgument() {
        if (++depth > Budget.DEPTH) {
            throw Unparsed.tooLarge("nested deeper than " + Budget.DEPTH);
        }
        Expression argument = argument(true);
        depth--;
        return argument;
    }

    /** {@code \sin^2 x} is the square of the sine; {@code \log_2 8} is ln 8 over ln 2. */
    private Expression call(String function) {
        if (++depth > Budget.DEPTH) {
            throw Unparsed.tooLarge("nested deeper than " + Budget.DEPTH);
        }
        if (function.equals("log") && peek().is("_")) {
            take();
            Expression logBase = argument(true);
            Expression argument = factor();
            depth--;
            return new Expression.Product(List.of(
                    new Expression.Call("ln", argument), new Expression.Inverse(new Expression.Call("ln", logBase))));
        }
        Expression power = null;
        if (peek().is("^")) {
            take();
            if (peek().is("-")
                    || peek().is("{")
                            && next + 1 < tokens.size()
                            && tokens.get(next + 1).is("-")) {
                throw Unparsed.because("an inverse function");
            }
            power = argument(true);
        }
        Expression argument = factor();
        if (argument instanceof Expression.Numeral && startsFactor(peek())) {
            argument = new Expression.Product(List.of(argument, factor()));
        }
        depth--;
        Expression call = new Expression.Call(function, argument);
        return power == null ? call : new Expression.Power(call, power);
    }

    /**
     * The argument of a command or power: a group, or one sign without braces.
     *
     * @param oneDigit whether a bare numeral counts with its first digit alone, as in {@code \frac34}; people who write
     *     {@code 2^10} mean ten
     */
    private Expression argument(boolean oneDigit) {
        if (peek().is("{") || peek().is("(")) {
            String close = take().is("{") ? "}" : ")";
            Expression inner = sum();
            expect(close);
            return inner;
        }
        if (peek().kind() == Token.Kind.NUMBER) {
            String digits = take().text();
            if (oneDigit && digits.length() > 1) {
                tokens.set(next - 1, new Token(Token.Kind.NUMBER, digits.substring(1), false));
                next--;
                digits = digits.substring(0, 1);
            }
            return new Expression.Numeral(digits);
        }
        if (peek().kind() == Token.Kind.LETTERS && peek().text().length() > 1) {
            throw Unparsed.because("an argument of several letters without braces");
        }
        if (++depth > Budget.DEPTH) {
            throw Unparsed.tooLarge("nested deeper than " + Budget.DEPTH);
        }
        Expression base = base();
        depth--;
        return base;
    }

    private Token peek() {
        return next < tokens.size() ? tokens.get(next) : END;
    }

    private Token take() {
        Token token = peek();
        next++;
        return token;
    }

    private void expect(String sign) {
        if (!take().is(sign)) {
            throw Unparsed.because("a missing \"" + sign + "\"");
        }
    }
}

package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Recursive descent over the tokens of one expression, plain or LaTeX. Everything must be understood: a token that has no
 * place ends the parse.
 */
final class ExpressionParser {

    static final Set<String> GREEK = Set.of(
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
            "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda",
            "Xi", "Sigma", "Phi", "Psi", "Omega", "hbar", "ell");
    private static final Set<String> ACCENTS =
            Set.of("bar", "vec", "hat", "dot", "ddot", "tilde", "overline", "overrightarrow");
    private static final Set<String> FACTOR_SIGNS = Set.of("(", "{", "[", "lfloor", "lceil");

    private final TokenCursor cursor;
    private final NameReader names;
    private final FunctionParser functions;
    private final boolean upper;
    private int bars;
    /** The variable that a series counts with, which is no imaginary unit even if it is called i. */
    private String counter = "";

    private ExpressionParser(List<Token> tokens, boolean upper) {
        this.cursor = new TokenCursor(tokens);
        this.names = new NameReader(cursor);
        this.functions = new FunctionParser(this, cursor);
        this.upper = upper;
    }

    /** @throws Unparsed if the tokens are not one expression */
    static Expression parse(List<Token> tokens) {
        return parse(tokens, true);
    }

    /** @param upper whether a plus-minus sign is read by its upper half */
    static Expression parse(List<Token> tokens, boolean upper) {
        ExpressionParser parser = new ExpressionParser(tokens, upper);
        Expression expression = parser.chosen();
        if (parser.cursor.peek().kind() != Token.Kind.END) {
            throw Unparsed.because("\"" + parser.cursor.peek().text() + "\" was not expected");
        }
        return expression;
    }

    /** A sum, or one above another: {@code n \choose k}, {@code 1 \over 2}. */
    private Expression chosen() {
        Expression top = sum();
        if (cursor.peek().isCommand("choose")) {
            cursor.take();
            return new Expression.Call("binom", List.of(top, sum()));
        }
        if (cursor.peek().isCommand("over")) {
            cursor.take();
            return Expression.quotient(top, sum());
        }
        return top;
    }

    Expression sum() {
        cursor.deeper();
        List<Expression> terms = new ArrayList<>();
        boolean negative = signs();
        terms.add(signed(product(), negative));
        while (isSign(cursor.peek())) {
            negative = signs();
            terms.add(signed(product(), negative));
        }
        cursor.shallower();
        return terms.size() == 1 ? terms.get(0) : new Expression.Sum(List.copyOf(terms));
    }

    static boolean isSign(Token token) {
        return token.is("+") || token.is("-") || token.is("pm") || token.is("mp");
    }

    /** Takes the signs that stand here and tells whether they make a minus. */
    boolean signs() {
        boolean negative = false;
        while (isSign(cursor.peek())) {
            Token sign = cursor.take();
            negative ^= sign.is("-") || sign.is("pm") && !upper || sign.is("mp") && upper;
        }
        return negative;
    }

    static Expression signed(Expression expression, boolean negative) {
        return negative ? new Expression.Negative(expression) : expression;
    }

    Expression product() {
        List<Expression> factors = new ArrayList<>();
        factors.add(factor());
        while (true) {
            if (cursor.peek().is("*")) {
                cursor.take();
                boolean negative = signs();
                factors.add(signed(factor(), negative));
            } else if (cursor.peek().is("/")) {
                cursor.take();
                boolean negative = signs();
                factors.add(new Expression.Inverse(signed(factor(), negative)));
            } else if (startsFactor(cursor.peek()) || startsNumericFactor()) {
                factors.add(factor());
            } else {
                return factors.size() == 1 ? factors.get(0) : new Expression.Product(List.copyOf(factors));
            }
        }
    }

    /** What may stand beside a factor to be multiplied with it; a numeral may not, "3 4" is no product. */
    private boolean startsFactor(Token token) {
        return switch (token.kind()) {
            case LETTERS -> true;
            case COMMAND -> !token.isCommand("choose") && !token.isCommand("over");
            case SIGN -> FACTOR_SIGNS.contains(token.text()) || bars == 0 && token.is("|");
            default -> false;
        };
    }

    /** {@code (n-2) 2^n}: a numeral may follow a parenthesis, and a name if it is a power set apart. */
    private boolean startsNumericFactor() {
        if (!cursor.peek().isNumber()) {
            return false;
        }
        boolean power = cursor.ahead(1).is("^");
        Token before = cursor.ahead(-1);
        return before.is(")") && power
                || before.kind() == Token.Kind.LETTERS && power && cursor.peek().spaced();
    }

    Expression factor() {
        cursor.deeper();
        Expression base = postfix(mixed(base()));
        if (cursor.peek().is("^")) {
            cursor.take();
            base = postfix(new Expression.Power(base, exponent()));
        }
        if (cursor.peek().is("^")) {
            throw Unparsed.because("a power of a power without braces");
        }
        cursor.shallower();
        return base;
    }

    Expression exponent() {
        boolean negative = signs();
        return signed(argument(false), negative);
    }

    /** Factorials and degree signs. */
    Expression postfix(Expression operand) {
        Expression base = operand;
        if (cursor.peek().is("°")) {
            cursor.take();
            base = new Expression.Degrees(base);
        }
        int marks = 0;
        while (cursor.peek().is("!")) {
            cursor.take();
            marks++;
        }
        if (marks > 2) {
            throw Unparsed.tooLarge("a factorial of a factorial");
        }
        return marks == 0 ? base : Expression.Call.of(marks == 1 ? "!" : "!!", base);
    }

    /** {@code 1\frac{4}{5}} and {@code 3 1/2} are sums: a whole number directly before a proper fraction of numerals. */
    private Expression mixed(Expression base) {
        if (!(base instanceof Expression.Numeral whole) || !whole.value().isInteger()) {
            return base;
        }
        if (cursor.peek().isCommand("frac")) {
            TokenCursor.Place before = cursor.place();
            Expression fraction = base();
            if (isProperFraction(fraction)) {
                return new Expression.Sum(List.of(base, fraction));
            }
            cursor.backTo(before);
        } else if (cursor.peek().isNumber() && cursor.peek().spaced()) {
            Expression top = numeral(cursor.take());
            cursor.expect("/");
            if (!cursor.peek().isNumber()) {
                throw Unparsed.because("two numbers side by side");
            }
            return new Expression.Sum(List.of(base, Expression.quotient(top, numeral(cursor.take()))));
        }
        return base;
    }

    private static boolean isProperFraction(Expression expression) {
        return expression instanceof Expression.Product product
                && product.factors().size() == 2
                && product.factors().get(0) instanceof Expression.Numeral top
                && product.factors().get(1) instanceof Expression.Inverse inverse
                && inverse.of() instanceof Expression.Numeral bottom
                && top.value().compareTo(bottom.value()) < 0;
    }

    private static Expression numeral(Token token) {
        return new Expression.Numeral(Rational.ofNumeral(token.text()));
    }

    Expression base() {
        Token token = cursor.take();
        return switch (token.kind()) {
            case NUMBER -> numeral(token);
            case LETTERS -> letters(token);
            case COMMAND -> command(token.text());
            case SIGN -> group(token);
            case END -> throw Unparsed.because("something is missing");
            default -> throw Unparsed.because("\"" + token.text() + "\" was not expected");
        };
    }

    private Expression group(Token open) {
        if (open.is("|")) {
            bars++;
            Expression inside = sum();
            bars--;
            cursor.expect("|");
            return Expression.Call.of("abs", inside);
        }
        String close = switch (open.text()) {
            case "(" -> ")";
            case "{" -> "}";
            case "[" -> "]";
            case "lfloor" -> "rfloor";
            case "lceil" -> "rceil";
            default -> throw Unparsed.because("\"" + open.text() + "\" was not expected");
        };
        int outerBars = bars;
        bars = 0;
        Expression inside = chosen();
        bars = outerBars;
        cursor.expect(close);
        return switch (open.text()) {
            case "lfloor" -> Expression.Call.of("floor", inside);
            case "lceil" -> Expression.Call.of("ceil", inside);
            default -> inside;
        };
    }

    /** One letter is a variable, more are several, unless they name a function; long words are no mathematics. */
    private Expression letters(Token token) {
        String letters = token.text();
        if (isWord(letters)) {
            return command(letters);
        }
        if (letters.length() > 5 || Words.isKnown(letters)) {
            throw Unparsed.because("the word " + letters);
        }
        if (letters.length() > 1) {
            // The first letter is a factor of its own; a power or an index belongs to the last one.
            cursor.giveBackAllButFirst(token);
            return name(letters.substring(0, 1));
        }
        String name = letters + names.marks();
        String at = names.atNumber();
        return at == null ? name(name) : new Expression.Name(name + at);
    }

    private static boolean isWord(String letters) {
        return FunctionNames.ALL.contains(letters) || letters.equals("sqrt") || letters.equals("pi");
    }

    private Expression name(String name) {
        return name.equals(counter) ? new Expression.Name(name) : constantOrName(name);
    }

    /** Reads a product in which a letter is what a series counts with. */
    Expression countedBy(String letter) {
        String outer = counter;
        counter = letter;
        Expression of = product();
        counter = outer;
        return of;
    }

    private static Expression constantOrName(String name) {
        return switch (name) {
            case "e" -> Expression.Constant.E;
            case "i" -> Expression.Constant.I;
            default -> new Expression.Name(name);
        };
    }

    private Expression command(String name) {
        if (FunctionNames.OF_LISTS.contains(name)) {
            return functions.callOfList(name);
        }
        if (FunctionNames.UNARY.contains(name)) {
            return functions.call(name.length() == 4 && name.startsWith("a") ? "arc" + name.substring(1) : name);
        }
        if (GREEK.contains(name)) {
            return new Expression.Name("\\" + name + names.marks());
        }
        if (ACCENTS.contains(name)) {
            return new Expression.Name(name + "(" + names.word() + ")" + names.marks());
        }
        return switch (name) {
            case "pi" -> Expression.Constant.PI;
            case "infty" -> throw Unparsed.because("infinity inside an expression");
            case "sqrt" -> root();
            case "surd" -> squareRoot(argument(false));
            case "cuberoot" -> new Expression.Root(argument(false), Expression.numeral(3));
            case "frac" -> fraction();
            case "sum", "prod" -> functions.series(name);
            case "binom" -> {
                Expression top = argument(true);
                yield new Expression.Call("binom", List.of(top, argument(true)));
            }
            default -> throw Unparsed.because("the command " + name);
        };
    }

    private Expression fraction() {
        String derivative = names.derivative();
        if (derivative != null) {
            return new Expression.Name(derivative);
        }
        Expression top = argument(true);
        return Expression.quotient(top, argument(true));
    }

    private Expression root() {
        Expression degree = null;
        if (cursor.peek().is("[")) {
            cursor.take();
            degree = sum();
            cursor.expect("]");
        }
        Expression of = argument(false);
        return degree == null ? squareRoot(of) : new Expression.Root(of, degree);
    }

    private static Expression squareRoot(Expression of) {
        return new Expression.Root(of, Expression.numeral(2));
    }

    /**
     * The argument of a command or power: a group, or one sign without braces.
     *
     * @param oneDigit whether a bare numeral counts with its first digit alone, as in {@code \frac34}; people who write
     *     {@code 2^10} or {@code \sqrt13} mean ten and thirteen
     */
    Expression argument(boolean oneDigit) {
        Token token = cursor.peek();
        if (token.isNumber()) {
            cursor.take();
            if (oneDigit && token.text().length() > 1 && token.text().chars().allMatch(Character::isDigit)) {
                cursor.giveBackAllButFirst(token);
                return new Expression.Numeral(Rational.ofNumeral(token.text().substring(0, 1)));
            }
            return numeral(token);
        }
        if (token.kind() == Token.Kind.LETTERS && token.text().length() > 1 && !isWord(token.text())) {
            cursor.take();
            cursor.giveBackAllButFirst(token);
            return name(token.text().substring(0, 1));
        }
        cursor.deeper();
        Expression base = base();
        cursor.shallower();
        return base;
    }
}

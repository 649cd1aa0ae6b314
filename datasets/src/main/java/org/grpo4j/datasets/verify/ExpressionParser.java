package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Recursive descent over the tokens of one expression, plain or LaTeX. Everything must be understood: a token that has no
 * place ends the parse.
 */
final class ExpressionParser {

    private static final Set<String> GREEK = Set.of(
            "alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "iota", "kappa", "lambda", "mu", "nu",
            "xi", "rho", "sigma", "tau", "upsilon", "phi", "chi", "psi", "omega", "Gamma", "Delta", "Theta", "Lambda",
            "Xi", "Sigma", "Phi", "Psi", "Omega", "hbar", "ell");
    private static final Set<String> ACCENTS =
            Set.of("bar", "vec", "hat", "dot", "ddot", "tilde", "overline", "overrightarrow");
    private static final Set<String> FACTOR_SIGNS = Set.of("(", "{", "[", "lfloor", "lceil");

    private final List<Token> tokens;
    private final boolean upper;
    private int next;
    private int depth;
    private int bars;
    /** The variable that a series counts with, which is no imaginary unit even if it is called i. */
    private String counter = "";

    private ExpressionParser(List<Token> tokens, boolean upper) {
        this.tokens = new ArrayList<>(tokens);
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
        if (parser.peek().kind() != Token.Kind.END) {
            throw Unparsed.because("\"" + parser.peek().text() + "\" was not expected");
        }
        return expression;
    }

    /** A sum, or one above another: {@code n \choose k}, {@code 1 \over 2}. */
    private Expression chosen() {
        Expression top = sum();
        if (peek().isCommand("choose")) {
            take();
            return new Expression.Call("binom", List.of(top, sum()));
        }
        if (peek().isCommand("over")) {
            take();
            return Expression.quotient(top, sum());
        }
        return top;
    }

    private Expression sum() {
        deeper();
        List<Expression> terms = new ArrayList<>();
        boolean negative = signs();
        terms.add(signed(product(), negative));
        while (isSign(peek())) {
            negative = signs();
            terms.add(signed(product(), negative));
        }
        depth--;
        return terms.size() == 1 ? terms.get(0) : new Expression.Sum(List.copyOf(terms));
    }

    private static boolean isSign(Token token) {
        return token.is("+") || token.is("-") || token.is("pm") || token.is("mp");
    }

    /** Takes the signs that stand here and tells whether they make a minus. */
    private boolean signs() {
        boolean negative = false;
        while (isSign(peek())) {
            Token sign = take();
            negative ^= sign.is("-") || sign.is("pm") && !upper || sign.is("mp") && upper;
        }
        return negative;
    }

    private static Expression signed(Expression expression, boolean negative) {
        return negative ? new Expression.Negative(expression) : expression;
    }

    private Expression product() {
        List<Expression> factors = new ArrayList<>();
        factors.add(factor());
        while (true) {
            if (peek().is("*")) {
                take();
                boolean negative = signs();
                factors.add(signed(factor(), negative));
            } else if (peek().is("/")) {
                take();
                boolean negative = signs();
                factors.add(new Expression.Inverse(signed(factor(), negative)));
            } else if (startsFactor(peek()) || startsNumericFactor()) {
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
        if (!peek().isNumber()) {
            return false;
        }
        boolean power = next + 1 < tokens.size() && tokens.get(next + 1).is("^");
        Token before = tokens.get(next - 1);
        return before.is(")") && power || before.kind() == Token.Kind.LETTERS && power && peek().spaced();
    }

    private Expression factor() {
        deeper();
        Expression base = postfix(mixed(base()));
        if (peek().is("^")) {
            take();
            base = postfix(new Expression.Power(base, exponent()));
        }
        if (peek().is("^")) {
            throw Unparsed.because("a power of a power without braces");
        }
        depth--;
        return base;
    }

    private Expression exponent() {
        boolean negative = signs();
        return signed(argument(false), negative);
    }

    /** Factorials and degree signs. */
    private Expression postfix(Expression operand) {
        Expression base = operand;
        if (peek().is("°")) {
            take();
            base = new Expression.Degrees(base);
        }
        int marks = 0;
        while (peek().is("!")) {
            take();
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
        if (peek().isCommand("frac")) {
            int before = next;
            List<Token> unread = List.copyOf(tokens);
            Expression fraction = base();
            if (isProperFraction(fraction)) {
                return new Expression.Sum(List.of(base, fraction));
            }
            next = before;
            tokens.clear();
            tokens.addAll(unread);
        } else if (peek().isNumber() && peek().spaced()) {
            Expression top = numeral(take());
            expect("/");
            if (!peek().isNumber()) {
                throw Unparsed.because("two numbers side by side");
            }
            return new Expression.Sum(List.of(base, Expression.quotient(top, numeral(take()))));
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

    private Expression base() {
        Token token = take();
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
            expect("|");
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
        expect(close);
        return switch (open.text()) {
            case "lfloor" -> Expression.Call.of("floor", inside);
            case "lceil" -> Expression.Call.of("ceil", inside);
            default -> inside;
        };
    }

    /** One letter is a variable, more are several, unless they name a function; long words are no mathematics. */
    private Expression letters(Token token) {
        String letters = token.text();
        if (FunctionNames.ALL.contains(letters) || letters.equals("sqrt") || letters.equals("pi")) {
            return command(letters);
        }
        if (letters.length() > 5 || Words.isKnown(letters)) {
            throw Unparsed.because("the word " + letters);
        }
        if (letters.length() > 1) {
            // The first letter is a factor of its own; a power or an index belongs to the last one.
            tokens.set(next - 1, new Token(Token.Kind.LETTERS, letters.substring(1), false));
            next--;
            return name(letters.substring(0, 1));
        }
        String name = letters + marks();
        return isAtNumber() ? new Expression.Name(name + "(" + valueAt() + ")") : name(name);
    }

    /** {@code I(0)} is a value of a function, not I times zero. */
    private boolean isAtNumber() {
        return next + 2 < tokens.size()
                && peek().is("(")
                && !peek().spaced()
                && tokens.get(next + 1).isNumber()
                && tokens.get(next + 2).is(")");
    }

    private String valueAt() {
        next += 3;
        return tokens.get(next - 2).text();
    }

    private Expression name(String name) {
        return name.equals(counter) ? new Expression.Name(name) : constantOrName(name);
    }

    private static Expression constantOrName(String name) {
        return switch (name) {
            case "e" -> Expression.Constant.E;
            case "i" -> Expression.Constant.I;
            default -> new Expression.Name(name);
        };
    }

    /** An index and primes, which are part of a name. */
    private String marks() {
        StringBuilder marks = new StringBuilder();
        if (peek().is("_")) {
            take();
            marks.append('_').append(word());
        }
        while (peek().is("'")) {
            take();
            marks.append('\'');
        }
        return marks.toString();
    }

    /** The next token or group as it is written. */
    private String word() {
        if (!peek().is("{")) {
            Token token = take();
            if (token.kind() == Token.Kind.END || token.kind() == Token.Kind.SIGN) {
                throw Unparsed.because("an index that is missing");
            }
            return token.text();
        }
        int end = TokenLists.endOfGroup(tokens, next);
        String word = Spelling.key(tokens.subList(next + 1, end)).replace(" ", "");
        next = end + 1;
        return word;
    }

    private Expression command(String name) {
        if (FunctionNames.OF_LISTS.contains(name)) {
            return callOfList(name);
        }
        if (FunctionNames.UNARY.contains(name)) {
            return call(name.length() == 4 && name.startsWith("a") ? "arc" + name.substring(1) : name);
        }
        if (GREEK.contains(name)) {
            return new Expression.Name("\\" + name + marks());
        }
        if (ACCENTS.contains(name)) {
            return new Expression.Name(name + "(" + word() + ")" + marks());
        }
        return switch (name) {
            case "pi" -> Expression.Constant.PI;
            case "infty" -> throw Unparsed.because("infinity inside an expression");
            case "sqrt" -> root();
            case "surd" -> squareRoot(argument(false));
            case "cuberoot" -> new Expression.Root(argument(false), Expression.numeral(3));
            case "frac" -> fraction();
            case "sum", "prod" -> series(name);
            case "binom" -> {
                Expression top = argument(true);
                yield new Expression.Call("binom", List.of(top, argument(true)));
            }
            default -> throw Unparsed.because("the command " + name);
        };
    }

    private Expression series(String function) {
        expect("_");
        expect("{");
        Token variable = take();
        expect("=");
        Expression from = sum();
        expect("}");
        expect("^");
        Expression to = argument(false);
        boolean letter =
                variable.kind() == Token.Kind.LETTERS && variable.text().length() == 1;
        if (!letter) {
            throw Unparsed.because("a series without a variable");
        }
        String outer = counter;
        counter = variable.text();
        Expression of = product();
        counter = outer;
        return new Expression.Series(function, variable.text(), from, to, of);
    }

    private Expression fraction() {
        Expression derivative = derivative();
        if (derivative != null) {
            return derivative;
        }
        Expression top = argument(true);
        return Expression.quotient(top, argument(true));
    }

    /** {@code \frac{dx}{dt}} is one name: the differentials in it are no factors. */
    private @Nullable Expression derivative() {
        if (!peek().is("{")) {
            return null;
        }
        int middle = TokenLists.endOfGroup(tokens, next) + 1;
        boolean differential = isDifferential(next + 1) && isDifferential(middle + 1);
        if (!differential || !tokens.get(middle).is("{")) {
            return null;
        }
        int end = TokenLists.endOfGroup(tokens, middle);
        String name = Spelling.key(tokens.subList(next, end + 1)).replace(" ", "");
        next = end + 1;
        return new Expression.Name("d" + name);
    }

    private boolean isDifferential(int index) {
        return index < tokens.size()
                && (tokens.get(index).isCommand("partial")
                        || tokens.get(index).kind() == Token.Kind.LETTERS
                                && tokens.get(index).text().charAt(0) == 'd');
    }

    private Expression root() {
        Expression degree = null;
        if (peek().is("[")) {
            take();
            degree = sum();
            expect("]");
        }
        Expression of = argument(false);
        return degree == null ? squareRoot(of) : new Expression.Root(of, degree);
    }

    private static Expression squareRoot(Expression of) {
        return new Expression.Root(of, Expression.numeral(2));
    }

    /** {@code \sin^2 x} is the square of the sine, {@code \sin^{-1} x} is the inverse function. */
    private Expression call(String name) {
        deeper();
        String function = name;
        Expression base = null;
        if (function.equals("log") && peek().is("_")) {
            take();
            base = argument(true);
        }
        Expression power = null;
        if (peek().is("^")) {
            take();
            power = exponent();
        }
        boolean inverse = power instanceof Expression.Negative minus
                && minus.of().equals(Expression.numeral(1))
                && FunctionNames.TRIGONOMETRIC.contains(function);
        Expression argument = functionArgument();
        depth--;
        if (inverse) {
            return Expression.Call.of("arc" + function, argument);
        }
        Expression call = applied(function, argument, base);
        return power == null ? call : new Expression.Power(call, power);
    }

    private static Expression applied(String function, Expression argument, @Nullable Expression base) {
        if (function.equals("exp")) {
            return new Expression.Power(Expression.Constant.E, argument);
        }
        if (base == Expression.Constant.E) {
            return Expression.Call.of("ln", argument);
        }
        return base == null
                ? Expression.Call.of(function.equals("lg") ? "log" : function, argument)
                : new Expression.Call("log", List.of(argument, base));
    }

    /** In parentheses, or the product of numbers and names up to the first Latin letter and Greek behind it: sin 2πx. */
    private Expression functionArgument() {
        if (isSign(peek())) {
            boolean negative = signs();
            return signed(functionArgument(), negative);
        }
        boolean closed = peek().is("(") || peek().is("{") || peek().is("[") || peek().is("|");
        if (closed) {
            Expression inside = peek().is("{") ? argument(true) : base();
            // The power of sin(x)^2 is that of the sine; it is taken up by the caller.
            return postfix(inside);
        }
        List<Expression> factors = new ArrayList<>();
        boolean more = true;
        while (more) {
            boolean latin = peek().kind() == Token.Kind.LETTERS && peek().text().length() == 1;
            factors.add(factor());
            Token token = peek();
            boolean function = FunctionNames.ALL.contains(token.text());
            boolean greek = token.isCommand("pi") || token.kind() == Token.Kind.COMMAND && GREEK.contains(token.text());
            boolean name = token.kind() == Token.Kind.LETTERS || token.kind() == Token.Kind.COMMAND;
            more = latin ? greek : name && !function;
        }
        return factors.size() == 1 ? factors.get(0) : new Expression.Product(List.copyOf(factors));
    }

    private Expression callOfList(String name) {
        String close = peek().is("\\{") ? "\\}" : ")";
        if (!peek().is("(") && !peek().is("\\{")) {
            throw Unparsed.because(name + " without parentheses");
        }
        take();
        List<Expression> arguments = new ArrayList<>(List.of(sum()));
        while (peek().is(",")) {
            take();
            arguments.add(sum());
        }
        expect(close);
        return new Expression.Call(name, List.copyOf(arguments));
    }

    /**
     * The argument of a command or power: a group, or one sign without braces.
     *
     * @param oneDigit whether a bare numeral counts with its first digit alone, as in {@code \frac34}; people who write
     *     {@code 2^10} or {@code \sqrt13} mean ten and thirteen
     */
    private Expression argument(boolean oneDigit) {
        Token token = peek();
        if (token.isNumber()) {
            take();
            if (oneDigit && token.text().length() > 1 && token.text().chars().allMatch(Character::isDigit)) {
                splitOff(token);
                return new Expression.Numeral(Rational.ofNumeral(token.text().substring(0, 1)));
            }
            return numeral(token);
        }
        if (token.kind() == Token.Kind.LETTERS && token.text().length() > 1) {
            take();
            splitOff(token);
            return name(token.text().substring(0, 1));
        }
        deeper();
        Expression base = base();
        depth--;
        return base;
    }

    /** Leaves all but the first sign of a token that was just taken. */
    private void splitOff(Token token) {
        next--;
        tokens.set(next, new Token(token.kind(), token.text().substring(1), false));
    }

    private void deeper() {
        if (++depth > Budget.DEPTH) {
            throw Unparsed.tooLarge("nested deeper than " + Budget.DEPTH);
        }
    }

    private Token peek() {
        return next < tokens.size() ? tokens.get(next) : Token.NOTHING;
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

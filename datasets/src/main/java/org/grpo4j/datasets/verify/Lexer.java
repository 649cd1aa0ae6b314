package org.grpo4j.datasets.verify;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Splits an answer into tokens, in one pass and without regular expressions. What is only looks (dollars, spaces, sizes,
 * fonts) is gone afterwards, and one meaning has one spelling.
 */
final class Lexer {

    /** Single letters that are units when they are set upright behind a number. */
    private static final String UPRIGHT_UNITS = "mgsNJKVWACFhLTlt";

    private static final int DEEPEST_TEXT = 4;

    private final String text;
    private final int depth;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private boolean spaced;

    private Lexer(String text, int depth) {
        this.text = text;
        this.depth = depth;
    }

    /** @throws Unparsed if the text is longer than {@link Budget#LENGTH} or holds a sign without a meaning */
    static List<Token> split(String text) {
        if (text.length() > Budget.LENGTH) {
            throw Unparsed.tooLarge("a text of " + text.length() + " characters");
        }
        return Spelling.tidy(split(Characters.toLatex(text), 0));
    }

    private static List<Token> split(String text, int depth) {
        Lexer lexer = new Lexer(text, depth);
        while (lexer.at < text.length()) {
            lexer.step();
        }
        return lexer.tokens;
    }

    private void step() {
        char c = text.charAt(at);
        if (Character.isWhitespace(c) || c == '~' || c == '$' || c == '`') {
            spaced = true;
            at++;
        } else if (isDigit(at) || c == '.' && isDigit(at + 1)) {
            NumeralLexer numeral = NumeralLexer.at(text, at);
            add(Token.Kind.NUMBER, numeral.digits());
            at = numeral.end();
        } else if (Character.isLetter(c)) {
            add(Token.Kind.LETTERS, letters());
        } else if (c == '\\') {
            backslash();
        } else {
            sign(c);
        }
    }

    private void sign(char c) {
        String two = at + 1 < text.length() ? text.substring(at, at + 2) : "";
        String sign = switch (two) {
            case "<=", ">=", "!=" -> two;
            case "=<" -> "<=";
            case "=>" -> ">=";
            case "==", ":=" -> "=";
            case "**" -> "^";
            default -> "";
        };
        if (two.equals("!=") && at + 2 < text.length() && text.charAt(at + 2) == '=') {
            sign = "";
        }
        if (sign.isEmpty()) {
            if (c > 126 || c < ' ') {
                throw Unparsed.because("the sign " + c);
            }
            add(Token.Kind.SIGN, Character.toString(c));
            at++;
        } else {
            add(Token.Kind.SIGN, sign);
            at += 2;
        }
    }

    private void backslash() {
        at++;
        if (at == text.length()) {
            return;
        }
        char c = text.charAt(at);
        if (isLatin(c)) {
            command(letters());
            return;
        }
        at++;
        switch (c) {
            case '{', '}' -> add(Token.Kind.SIGN, "\\" + c);
            case '%', '&', '_' -> add(Token.Kind.SIGN, Character.toString(c));
            case '\\' -> add(Token.Kind.SIGN, "\\\\");
            case '|' -> add(Token.Kind.SIGN, "||");
            case '!', '$', '#', '/' -> {}
            case ',', ';', ':', ' ', '>', '\n', '\t', '(', ')', '[', ']', '-' -> spaced = true;
            default -> throw Unparsed.because("the sign \\" + c);
        }
    }

    private void command(String written) {
        String name = LatexCommands.ALIASES.getOrDefault(written, written);
        String sign = LatexCommands.SIGNS.get(name);
        if (sign != null) {
            add(Token.Kind.SIGN, sign);
        } else if (LatexCommands.IGNORED.contains(name)) {
            boolean side = name.equals("left") || name.equals("right");
            if (side && at < text.length() && text.charAt(at) == '.') {
                at++;
            }
        } else if (LatexCommands.SPACES.contains(name)) {
            spaced = true;
        } else if (LatexCommands.DROPPED.contains(name)) {
            argument();
        } else if (LatexCommands.TEXT_FONTS.contains(name)) {
            text(argument());
        } else if (LatexCommands.MATH_FONTS.contains(name)) {
            upright(name, argument().replace('~', ' ').replace("\\,", " ").strip());
        } else if (name.equals("mathbb") || name.equals("Bbb")) {
            add(Token.Kind.COMMAND, "mathbb " + argument().strip());
        } else if (name.equals("begin") || name.equals("end")) {
            environment(name, argument().strip());
        } else {
            add(Token.Kind.COMMAND, name);
        }
    }

    private void environment(String side, String name) {
        add(side.equals("begin") ? Token.Kind.BEGIN : Token.Kind.CLOSE, name.replace("*", ""));
        if (side.equals("begin") && name.equals("array")) {
            argument();
        }
    }

    /** Running text: one token if it says something, its own tokens if it holds no words. */
    private void text(String content) {
        String words = content.replace('~', ' ').strip();
        spaced |= !content.isEmpty() && Character.isWhitespace(content.charAt(0));
        if (words.isEmpty()) {
            spaced = true;
        } else if (FunctionNames.ALL.contains(words)) {
            add(Token.Kind.COMMAND, words);
        } else if (words.chars().noneMatch(Character::isLetter)
                || words.indexOf('$') >= 0
                || words.indexOf('\\') >= 0) {
            inline(words);
        } else {
            add(Token.Kind.TEXT, words.replaceAll("[{}]", "").replaceAll("\\s{1,9}", " "));
        }
        spaced |= !content.isEmpty() && Character.isWhitespace(content.charAt(content.length() - 1));
    }

    private void inline(String content) {
        if (depth >= DEEPEST_TEXT) {
            throw Unparsed.tooLarge("text within text");
        }
        tokens.addAll(split(content, depth + 1));
    }

    private void upright(String font, String content) {
        if (content.isEmpty()) {
            return;
        }
        boolean letters = content.chars().allMatch(Lexer::isLatin);
        if (content.length() == 1 && letters) {
            Token before = tokens.isEmpty() ? Token.NOTHING : tokens.get(tokens.size() - 1);
            boolean unit = font.equals("mathrm") && UPRIGHT_UNITS.contains(content) && endsValueOrUnit(before);
            add(unit ? Token.Kind.TEXT : Token.Kind.LETTERS, content);
        } else if (letters && FunctionNames.ALL.contains(content)) {
            add(Token.Kind.COMMAND, content);
        } else if (content.chars().anyMatch(Lexer::isLatin) && content.indexOf('\\') < 0) {
            add(Token.Kind.TEXT, content.replaceAll("[{}]", ""));
        } else {
            inline(content);
        }
    }

    private static boolean endsValueOrUnit(Token token) {
        return token.isNumber() || token.kind() == Token.Kind.TEXT || token.closes() || token.is("/") || token.is("*");
    }

    /** The argument of a command: what is in its braces, or one sign. */
    private String argument() {
        while (at < text.length() && (text.charAt(at) == ' ' || text.charAt(at) == '*')) {
            at++;
        }
        if (at == text.length()) {
            return "";
        }
        if (text.charAt(at) != '{') {
            int start = at;
            at = text.charAt(at) == '\\' ? Math.min(text.length(), at + 2) : at + 1;
            return text.substring(start, at);
        }
        int level = 0;
        int start = at + 1;
        while (at < text.length()) {
            char c = text.charAt(at++);
            level += c == '{' ? 1 : c == '}' ? -1 : 0;
            if (c == '\\') {
                at++;
            } else if (level == 0) {
                return text.substring(start, at - 1);
            }
        }
        throw Unparsed.because("a brace that is never closed");
    }

    private String letters() {
        int start = at;
        boolean latin = isLatin(text.charAt(at));
        while (at < text.length() && Character.isLetter(text.charAt(at)) && isLatin(text.charAt(at)) == latin) {
            at++;
        }
        return text.substring(start, at);
    }

    private void add(Token.Kind kind, String content) {
        tokens.add(new Token(kind, content, spaced));
        spaced = false;
    }

    private boolean isDigit(int index) {
        return index < text.length() && text.charAt(index) >= '0' && text.charAt(index) <= '9';
    }

    private static boolean isLatin(int c) {
        return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z';
    }

    /** Environments that hold a matrix. */
    static final Set<String> MATRICES =
            Set.of("pmatrix", "bmatrix", "matrix", "Bmatrix", "smallmatrix", "array", "psmallmatrix", "bsmallmatrix");
}

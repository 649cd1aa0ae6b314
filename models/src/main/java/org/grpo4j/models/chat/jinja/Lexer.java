package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.List;

/**
 * Splits a template into text and tags as {@code jinja2.lexer} does with {@code trim_blocks} and {@code lstrip_blocks}:
 * one newline after a block or comment goes, as do the spaces before one on its line; {@code -} strips all white space on
 * its side and {@code +} keeps it.
 */
final class Lexer {

    private final Source source;
    private final List<Token> tokens = new ArrayList<>();
    private final TagLexer tags;

    /** Whether what was read last ended a line, so that spaces before a tag are indentation. */
    private boolean lineStarting = true;

    private Lexer(String template) {
        this.source = new Source(template);
        this.tags = new TagLexer(source, tokens);
    }

    /** The tokens of a template, the last of which is {@link Token.Type#END}. */
    static List<Token> tokens(String template) {
        // Jinja2 drops one newline at the end of a template and knows only \n inside.
        String unix = template.replace("\r\n", "\n").replace('\r', '\n');
        Lexer lexer = new Lexer(unix.endsWith("\n") ? unix.substring(0, unix.length() - 1) : unix);
        lexer.run();
        return lexer.tokens;
    }

    private void run() {
        while (!source.atEnd()) {
            int begin = source.position();
            int tag = nextTag(begin);
            if (tag < 0) {
                text(source.text(begin, source.length()));
                source.moveTo(source.length());
            } else {
                tag(begin, tag);
            }
        }
        tokens.add(source.token(Token.Type.END, ""));
    }

    private int nextTag(int from) {
        for (int i = source.indexOf("{", from); i >= 0; i = source.indexOf("{", i + 1)) {
            if (source.startsWith("{%", i) || source.startsWith("{{", i) || source.startsWith("{#", i)) {
                return i;
            }
        }
        return -1;
    }

    private void tag(int begin, int tag) {
        char kind = source.charAt(tag + 1);
        char sign = sign(tag + 2);
        text(beforeTag(source.text(begin, tag), sign, kind != '{'));
        source.moveTo(tag);
        int after = tag + 2 + (sign == 0 ? 0 : 1);
        if (kind == '#') {
            comment(after);
        } else if (kind == '{') {
            tokens.add(source.token(Token.Type.VARIABLE_BEGIN, "{{"));
            source.moveTo(after);
            lineStarting = tags.read(false);
        } else if (isWord("raw", after, false)) {
            raw(after);
        } else {
            tokens.add(source.token(Token.Type.BLOCK_BEGIN, "{%"));
            source.moveTo(after);
            lineStarting = tags.read(true);
        }
    }

    private char sign(int at) {
        return source.startsWith("-", at) || source.startsWith("+", at) ? source.charAt(at) : 0;
    }

    private String beforeTag(String text, char sign, boolean block) {
        if (sign == '-') {
            return PyString.strip(text, null, false, true);
        }
        int lineStart = text.lastIndexOf('\n') + 1;
        boolean indentation = lineStart > 0 || lineStarting;
        if (sign == 0 && block && indentation && PyString.isBlank(text, lineStart)) {
            return text.substring(0, lineStart);
        }
        return text;
    }

    private void text(String text) {
        if (!text.isEmpty()) {
            tokens.add(source.token(Token.Type.DATA, text));
        }
    }

    private void comment(int from) {
        int end = source.indexOf("#}", from);
        if (end < 0) {
            throw source.token(Token.Type.DATA, "").error("the comment is not closed with '#}'");
        }
        char sign = end > from ? sign(end - 1) : 0;
        source.moveTo(end + 2);
        afterTag(sign);
    }

    /** Whether a block tag at this point holds nothing but a word; {@code plus} if {@code +%}} may end it. */
    private boolean isWord(String word, int at, boolean plus) {
        int start = source.skipSpace(at);
        if (!source.startsWith(word, start)) {
            return false;
        }
        int end = source.skipSpace(start + word.length());
        return source.startsWith("%}", end) || source.startsWith("-%}", end) || (plus && source.startsWith("+%}", end));
    }

    private void raw(int after) {
        Token opening = source.token(Token.Type.DATA, "");
        int close = source.indexOf("%}", after);
        boolean stripped = source.charAt(close - 1) == '-';
        int begin = stripped ? source.skipSpace(close + 2) : close + 2;
        lineStarting = begin > 0 && source.charAt(begin - 1) == '\n';
        for (int end = source.indexOf("{%", begin); end >= 0; end = source.indexOf("{%", end + 1)) {
            char sign = sign(end + 2);
            int word = end + 2 + (sign == 0 ? 0 : 1);
            if (isWord("endraw", word, true)) {
                source.moveTo(begin);
                text(beforeTag(source.text(begin, end), sign, true));
                int last = source.indexOf("%}", word);
                char closing = sign(last - 1);
                source.moveTo(last + 2);
                afterTag(closing);
                return;
            }
        }
        throw opening.error("the block raw is not closed with endraw");
    }

    private void afterTag(char sign) {
        if (sign == '-') {
            source.moveTo(source.skipSpace(source.position()));
        } else if (sign == 0 && source.startsWith("\n", source.position())) {
            source.moveTo(source.position() + 1);
        }
        lineStarting = source.charAt(source.position() - 1) == '\n';
    }
}

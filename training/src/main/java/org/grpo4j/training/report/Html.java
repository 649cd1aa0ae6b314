package org.grpo4j.training.report;

/** Text in HTML. What a model writes is hostile: nothing reaches a page but through here or {@link ScriptJson}. */
final class Html {

    private Html() {}

    /**
     * Escapes for element content and quoted attributes. Control characters, line separators and those that turn the
     * direction of the text around are made visible, because they could make a completion look like something it is not.
     */
    static String escape(String text) {
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(c -> {
            switch (c) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                case '\'' -> escaped.append("&#39;");
                default -> {
                    if (invisible(c)) {
                        escaped.append("\\u%04x".formatted(c));
                    } else {
                        escaped.appendCodePoint(c);
                    }
                }
            }
        });
        return escaped.toString();
    }

    private static boolean invisible(int c) {
        boolean control = Character.isISOControl(c) && c != '\n' && c != '\t';
        boolean direction = (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
        boolean separator = c == 0x2028 || c == 0x2029;
        return control || direction || separator || Character.getType(c) == Character.SURROGATE;
    }
}

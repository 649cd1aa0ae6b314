package org.grpo4j.models.chat.jinja;

import java.time.Clock;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;

/** C's {@code strftime} in English, of this moment. */
final class DateFormat {

    private static final Map<String, String> PATTERNS = Map.ofEntries(
            Map.entry("a", "EEE"),
            Map.entry("A", "EEEE"),
            Map.entry("b", "MMM"),
            Map.entry("h", "MMM"),
            Map.entry("B", "MMMM"),
            Map.entry("d", "dd"),
            Map.entry("-d", "d"),
            Map.entry("e", "ppd"),
            Map.entry("m", "MM"),
            Map.entry("-m", "M"),
            Map.entry("y", "yy"),
            Map.entry("Y", "yyyy"),
            Map.entry("H", "HH"),
            Map.entry("-H", "H"),
            Map.entry("I", "hh"),
            Map.entry("-I", "h"),
            Map.entry("M", "mm"),
            Map.entry("S", "ss"),
            Map.entry("p", "a"),
            Map.entry("j", "DDD"),
            Map.entry("f", "SSSSSS"),
            Map.entry("F", "yyyy-MM-dd"),
            Map.entry("T", "HH:mm:ss"),
            Map.entry("D", "MM/dd/yy"),
            Map.entry("R", "HH:mm"));

    private DateFormat() {}

    static String format(String format, Clock clock) {
        ZonedDateTime now = ZonedDateTime.now(clock);
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            if (format.charAt(i) != '%') {
                out.append(format.charAt(i));
                continue;
            }
            int length = format.startsWith("-", i + 1) ? 2 : 1;
            String directive = format.substring(i + 1, Math.min(format.length(), i + 1 + length));
            String pattern = PATTERNS.get(directive);
            if (directive.equals("%")) {
                out.append('%');
            } else if (pattern != null) {
                // Locale.US, not ENGLISH: it has "Sep" where other regions write "Sept".
                out.append(DateTimeFormatter.ofPattern(pattern, Locale.US).format(now));
            } else {
                throw TemplateException.unsupported("the date format %" + directive);
            }
            i += length;
        }
        return out.toString();
    }
}

package org.grpo4j.training.dashboard;

import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Refuses requests that a foreign page makes a browser send here by letting its own name point to this machine (DNS
 * rebinding). Such a request carries the foreign name; addresses in digits cannot be made to point elsewhere.
 */
final class HostCheck {

    private static final Pattern PORT = Pattern.compile(":\\d{1,5}$");
    private static final Pattern DIGITS = Pattern.compile("\\d{1,3}(\\.\\d{1,3}){3}|\\[[0-9a-fA-F:.]+]");

    private HostCheck() {}

    /**
     * Whether a request may be answered.
     *
     * @param header the request's Host, or null
     * @param own host that the page is served at
     */
    static boolean accepts(@Nullable String header, String own) {
        if (header == null) {
            return false;
        }
        String host = PORT.matcher(header.trim()).replaceFirst("").toLowerCase(Locale.ROOT);
        return host.equals("localhost")
                || host.equals(own.toLowerCase(Locale.ROOT))
                || DIGITS.matcher(host).matches();
    }
}

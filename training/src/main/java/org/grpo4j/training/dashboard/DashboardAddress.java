package org.grpo4j.training.dashboard;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grpo4j.framework.InputException;

/**
 * Where a page is served.
 *
 * @param host name or address to listen at
 * @param port 0 for any that is free
 */
public record DashboardAddress(String host, int port) {

    private static final Pattern FORM = Pattern.compile("(?:(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]+):)?(\\d{1,5})");
    private static final String LOOPBACK = "127.0.0.1";
    private static final int LAST_PORT = 65_535;

    /**
     * Reads {@code PORT} or {@code HOST:PORT}; without a host it is this machine only.
     *
     * @throws InputException if it is neither
     */
    public static DashboardAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches() || Integer.parseInt(matcher.group(2)) > LAST_PORT) {
            throw new InputException("'" + text
                    + "' is neither a port from 0 to 65535, such as 8080, nor host:port, such as 0.0.0.0:8080");
        }
        String host = matcher.group(1);
        return new DashboardAddress(host == null ? LOOPBACK : host, Integer.parseInt(matcher.group(2)));
    }

    /** @throws InputException if the host has no address */
    InetAddress inet() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw new InputException(
                    "--dashboard: there is no host '" + host + "'; give an address of this machine, or a port alone",
                    e);
        }
    }
}

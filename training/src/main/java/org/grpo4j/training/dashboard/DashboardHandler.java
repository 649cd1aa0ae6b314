package org.grpo4j.training.dashboard;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.grpo4j.training.report.LivePage;
import org.grpo4j.training.rollouts.RolloutFiles;
import org.jspecify.annotations.Nullable;

/**
 * Answers {@code /} with the page, {@code /api/run?after=N} with what is new since step N, and {@code /api/rollouts?step=N}
 * with the completions of a step, and everything else with an error. A path is compared and never opened.
 */
final class DashboardHandler implements HttpHandler {

    private static final Pattern AFTER = Pattern.compile("after=(-?\\d{1,9})");
    private static final Pattern STEP = Pattern.compile("step=(\\d{1,9})");
    private static final String JSON = "application/json; charset=utf-8";
    private static final String HTML = "text/html; charset=utf-8";
    private static final String TEXT = "text/plain; charset=utf-8";

    /** A page that has not asked for so long is closed, or in the background. */
    private static final long WATCHED_NANOS = 5_000_000_000L;

    private static final int OK = 200;
    private static final int NOTHING = 204;
    private static final int BAD_REQUEST = 400;
    private static final int FORBIDDEN = 403;
    private static final int NOT_FOUND = 404;
    private static final int METHOD = 405;
    private static final int FAILED = 500;

    private final LivePage page;
    private final RolloutFiles rollouts;
    private final String host;
    private volatile boolean watched;
    private volatile long lastAsked;
    private volatile boolean toldEnd;

    DashboardHandler(LivePage page, RolloutFiles rollouts, String host) {
        this.page = page;
        this.rollouts = rollouts;
        this.host = host;
    }

    /** An answer. */
    private record Answer(int status, String type, byte[] body) {
        static Answer of(int status, String type, String text) {
            return new Answer(status, type, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** Whether a browser asks for news and does not know yet that the run is over. */
    boolean isWatchedAndUntold() {
        return watched && !toldEnd && System.nanoTime() - lastAsked < WATCHED_NANOS;
    }

    @Override
    public void handle(HttpExchange exchange) {
        try (exchange) {
            Answer answer;
            try {
                answer = answer(exchange);
            } catch (IOException | RuntimeException e) {
                answer = Answer.of(FAILED, TEXT, "this could not be answered: " + e.getMessage());
            }
            send(exchange, answer);
        } catch (IOException e) {
            // The browser went away; there is nobody to tell.
            return;
        }
    }

    private Answer answer(HttpExchange exchange) throws IOException {
        if (!HostCheck.accepts(exchange.getRequestHeaders().getFirst("Host"), host)) {
            return Answer.of(
                    FORBIDDEN,
                    TEXT,
                    "this page is not served under that name; open it by the address that the run has printed, by one in digits,"
                            + " or start the run with --dashboard NAME:PORT");
        }
        if (!exchange.getRequestMethod().equals("GET")) {
            return Answer.of(METHOD, TEXT, "only GET");
        }
        String query = exchange.getRequestURI().getRawQuery();
        return switch (exchange.getRequestURI().getRawPath()) {
            case "/" -> Answer.of(OK, HTML, page.html());
            case "/favicon.ico" -> Answer.of(NOTHING, TEXT, "");
            case "/api/run" -> news(query);
            case "/api/rollouts" -> rollouts(query);
            default -> Answer.of(NOT_FOUND, TEXT, "there is no such page");
        };
    }

    private Answer news(@Nullable String query) throws IOException {
        Optional<Integer> after = number(AFTER, query);
        if (after.isEmpty()) {
            return Answer.of(BAD_REQUEST, TEXT, "after=N is missing");
        }
        watched = true;
        lastAsked = System.nanoTime();
        LivePage.State state = page.state();
        Answer answer = Answer.of(OK, JSON, page.update(after.get()));
        toldEnd = state != LivePage.State.RUNNING;
        return answer;
    }

    private Answer rollouts(@Nullable String query) throws IOException {
        Optional<Integer> step = number(STEP, query);
        if (step.isEmpty()) {
            return Answer.of(BAD_REQUEST, TEXT, "step=N is missing");
        }
        // A step that was thinned out since the page heard of it is no error that a browser should put on its console.
        return rollouts.bytes(step.get())
                .map(bytes -> new Answer(OK, JSON, bytes))
                .orElseGet(() -> Answer.of(OK, JSON, "null"));
    }

    private static Optional<Integer> number(Pattern form, @Nullable String query) {
        Matcher matcher = form.matcher(query == null ? "" : query);
        return matcher.matches() ? Optional.of(Integer.parseInt(matcher.group(1))) : Optional.empty();
    }

    private void send(HttpExchange exchange, Answer answer) throws IOException {
        var headers = exchange.getResponseHeaders();
        headers.set("Content-Type", answer.type);
        headers.set("Content-Security-Policy", page.policy());
        headers.set("X-Content-Type-Options", "nosniff");
        headers.set("Cross-Origin-Resource-Policy", "same-origin");
        headers.set("Referrer-Policy", "no-referrer");
        headers.set("Cache-Control", "no-store");
        if (answer.status == METHOD) {
            headers.set("Allow", "GET");
        }
        // An answer to HEAD has no body, and the server would warn of one on the terminal of the run.
        boolean bodiless =
                answer.body.length == 0 || exchange.getRequestMethod().equals("HEAD");
        exchange.sendResponseHeaders(answer.status, bodiless ? -1 : answer.body.length);
        if (!bodiless) {
            exchange.getResponseBody().write(answer.body);
        }
    }
}

package org.grpo4j.training.dashboard;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.grpo4j.framework.InputException;
import org.grpo4j.training.metrics.Metric;
import org.grpo4j.training.metrics.StepMetrics;
import org.grpo4j.training.report.LivePage;
import org.grpo4j.training.rollouts.RolloutFiles;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DashboardTest {

    @TempDir
    Path run;

    private LivePage page;
    private Dashboard dashboard;

    @BeforeEach
    void start() throws IOException {
        RolloutFiles rollouts = RolloutFiles.of(run);
        Files.createDirectories(rollouts.folder());
        Files.writeString(rollouts.folder().resolve("step-3.json"), "{\"step\":3}");
        Files.writeString(run.resolve("secret.txt"), "a secret");
        page = new LivePage("a run", "run", Map.of(), 10, List.of(), List.of(), rollouts);
        page.add(StepMetrics.at(1).put(Metric.REWARD_MEAN, 0.5).build());
        dashboard = Dashboard.start(DashboardAddress.parse("0"), page, rollouts);
    }

    @AfterEach
    void stop() {
        dashboard.close();
    }

    @Test
    void thePageHasItsPolicyInTheHeaderToo() throws Exception {
        HttpResponse<String> answer = get("");
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("<title>a run</title>", "\"live\":true");
        assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
        assertThat(answer.headers().firstValue("Content-Security-Policy").orElseThrow())
                .contains("default-src 'none'", "connect-src 'self'", "frame-ancestors 'none'")
                .doesNotContain("unsafe");
        assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
        assertThat(answer.headers().firstValue("Access-Control-Allow-Origin")).isEmpty();
    }

    @Test
    void newsAndCompletionsAreJson() throws Exception {
        HttpResponse<String> news = get("api/run?after=-1");
        assertThat(news.headers().firstValue("Content-Type")).hasValue("application/json; charset=utf-8");
        assertThat(news.body())
                .contains("\"reward_mean\"", "\"rollouts\":[{\"run\":\"run\",\"steps\":[{\"step\":3}]}]");
        assertThat(get("api/rollouts?step=3").body()).isEqualTo("{\"step\":3}");
        assertThat(get("api/rollouts?step=4").body()).isEqualTo("null");
        assertThat(get("favicon.ico").statusCode()).isEqualTo(204);
    }

    @Test
    void nothingElseIsServed() throws Exception {
        for (String path : List.of(
                "secret.txt",
                "../secret.txt",
                "%2e%2e/secret.txt",
                "api/rollouts/../../secret.txt",
                "rollouts/step-3.json",
                "api/",
                "api/run/")) {
            String answer = raw("GET", "/" + path, "localhost");
            assertThat(answer).as(path).startsWith("HTTP/1.1 404").doesNotContain("a secret");
        }
        for (String query :
                List.of("", "?step=", "?step=../../secret.txt", "?step=-1", "?step=3&step=4", "?step=99999999999")) {
            assertThat(get("api/rollouts" + query).statusCode()).as(query).isEqualTo(400);
        }
        assertThat(get("api/run?after=x").statusCode()).isEqualTo(400);
        assertThat(get("api/run").statusCode()).isEqualTo(400);
    }

    @Test
    void onlyGetIsAnswered() throws Exception {
        for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE")) {
            assertThat(raw(method, "/", "localhost")).as(method).startsWith("HTTP/1.1 405");
        }
    }

    /** The JDK's server tells its warnings to the terminal of the run. */
    @Test
    void aQuestionForHeadersAloneIsAnsweredInSilence() throws Exception {
        List<LogRecord> told = new ArrayList<>();
        Handler listener = new Handler() {
            @Override
            public void publish(LogRecord record) {
                told.add(record);
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        Logger logger = Logger.getLogger("com.sun.net.httpserver");
        logger.addHandler(listener);
        try {
            assertThat(raw("HEAD", "/", "localhost")).startsWith("HTTP/1.1 405").endsWith("\r\n\r\n");
        } finally {
            logger.removeHandler(listener);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void strangersCannotOpenAsManyConnectionsAsTheyLike() throws Exception {
        URI address = URI.create(dashboard.url());
        List<Socket> sockets = new ArrayList<>();
        try {
            for (int i = 0; i < 150; i++) {
                sockets.add(new Socket(address.getHost(), address.getPort()));
            }
            Socket last = sockets.get(sockets.size() - 1);
            last.setSoTimeout(5000);
            assertThat(last.getInputStream().read()).as("closed by the server").isEqualTo(-1);
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
        }
    }

    /** A name that a stranger has pointed to this machine must not make a browser read the page. */
    @Test
    void foreignNamesAreRefused() throws Exception {
        assertThat(raw("GET", "/", "evil.example")).startsWith("HTTP/1.1 403").doesNotContain("a run");
        assertThat(raw("GET", "/api/run?after=-1", "evil.example:8080")).startsWith("HTTP/1.1 403");
        assertThat(raw("GET", "/", "localhost.evil.example")).startsWith("HTTP/1.1 403");
        assertThat(raw("GET", "/", "127.0.0.1.evil.example")).startsWith("HTTP/1.1 403");
        for (String own : List.of("localhost", "LOCALHOST:99", "127.0.0.1:8080", "[::1]:8080")) {
            assertThat(raw("GET", "/", own)).as(own).startsWith("HTTP/1.1 200");
        }
        assertThat(HostCheck.accepts(null, "127.0.0.1")).isFalse();
        assertThat(HostCheck.accepts("node7:8080", "node7")).isTrue();
    }

    @Test
    void itListensToThisMachineOnlyUnlessTold() throws Exception {
        assertThat(dashboard.isOpen()).isFalse();
        assertThat(dashboard.url()).startsWith("http://127.0.0.1:");
        try (Dashboard open = Dashboard.start(DashboardAddress.parse("0.0.0.0:0"), page, RolloutFiles.of(run))) {
            assertThat(open.isOpen()).isTrue();
        }
        int port = URI.create(dashboard.url()).getPort();
        assertThatThrownBy(() -> Dashboard.start(new DashboardAddress("127.0.0.1", port), page, RolloutFiles.of(run)))
                .isInstanceOf(InputException.class)
                .hasMessageContaining("choose another port");
    }

    @Test
    void addressesAreChecked() {
        assertThat(DashboardAddress.parse("8080")).isEqualTo(new DashboardAddress("127.0.0.1", 8080));
        assertThat(DashboardAddress.parse("node7:80")).isEqualTo(new DashboardAddress("node7", 80));
        assertThat(DashboardAddress.parse("[::1]:80")).isEqualTo(new DashboardAddress("[::1]", 80));
        for (String bad : List.of("", "x", "-1", "65536", "host:", ":80", "a b:80", "http://x:80")) {
            assertThatThrownBy(() -> DashboardAddress.parse(bad))
                    .as(bad)
                    .isInstanceOf(InputException.class)
                    .hasMessageContaining("0.0.0.0:8080");
        }
    }

    @Test
    void aWatcherLearnsOfTheEndBeforeItCloses() throws Exception {
        get("api/run?after=-1");
        page.end(LivePage.State.ENDED);
        Thread closing = new Thread(dashboard::close);
        closing.start();
        assertThat(get("api/run?after=1").body()).contains("\"state\":\"ended\"");
        closing.join();
        assertThatThrownBy(() -> get("")).isInstanceOf(IOException.class);
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(dashboard.url() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    /** A request as it is, which no client has tidied up. */
    private String raw(String method, String path, String host) throws IOException {
        URI address = URI.create(dashboard.url());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            OutputStream out = socket.getOutputStream();
            out.write((method + " " + path + " HTTP/1.1\r\nHost: " + host
                            + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}

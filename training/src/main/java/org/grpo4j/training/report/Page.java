package org.grpo4j.training.report;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/**
 * The page around tables and data: markup, style, script and the policy that lets only these two run. It loads nothing from
 * anywhere, whatever the completions in it contain.
 */
final class Page {

    private static final String STYLE = resource("page.css");
    private static final String SCRIPT =
            script("base.js", "charts.js", "phases.js", "tokens.js", "rollouts.js", "page.js");

    private Page() {}

    /** The policy of a page in a file, or of one that may ask its own server for more. */
    static String policy(boolean live) {
        return "default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; base-uri 'none'; form-action 'none'%s"
                .formatted(hash(STYLE), hash(SCRIPT), live ? "; connect-src 'self'" : "");
    }

    /**
     * A whole page.
     *
     * @param sections HTML between the heading and the curves
     * @param settings HTML at the end
     * @param data for the script; without any the page has no curves
     */
    static String html(String title, String lead, String sections, String settings, ObjectNode data) {
        boolean drawn = !data.isEmpty();
        return """
                <!doctype html>
                <html lang="en">
                <head>
                <meta charset="utf-8">
                <meta http-equiv="Content-Security-Policy" content="%s">
                <meta name="viewport" content="width=device-width, initial-scale=1">
                <meta name="color-scheme" content="light dark">
                <meta name="referrer" content="no-referrer">
                <link rel="icon" href="data:,">
                <title>%s</title>
                <style>%s</style>
                </head>
                <body>
                <main>
                <header>
                <h1>%s</h1>
                <p class="lead">%s</p>
                %s</header>
                %s%s%s</main>
                %s</body>
                </html>
                """.formatted(
                        policy(data.path("live").asBoolean()),
                        Html.escape(title),
                        STYLE,
                        Html.escape(title),
                        Html.escape(lead),
                        drawn ? "<div id=\"status\" hidden></div><dl id=\"tiles\" hidden></dl>\n" : "",
                        sections,
                        drawn ? drawing() : "",
                        settings,
                        drawn ? scripts(data) : "");
    }

    /** Places that the script fills. */
    private static String drawing() {
        return """
                <section id="told" hidden><h2>What the run says about itself</h2></section>
                <section id="curves"><h2>Curves</h2>
                <noscript><p>The curves need JavaScript; their numbers are in each run's metrics.jsonl.</p></noscript>
                </section>
                <section id="rollouts" hidden><h2>Completions and the credit of their tokens</h2></section>
                """;
    }

    private static String scripts(ObjectNode data) {
        return """
                <script type="application/json" id="data">%s</script>
                <script>%s</script>
                """.formatted(ScriptJson.write(data), SCRIPT);
    }

    static String section(String title, String content) {
        return "<section><h2>" + Html.escape(title) + "</h2>\n" + content + "</section>\n";
    }

    static String folded(String title, String content) {
        return "<details><summary>" + Html.escape(title) + "</summary>\n" + content + "</details>\n";
    }

    /** One function around all files, so that nothing of them is visible outside. */
    private static String script(String... files) {
        StringBuilder script = new StringBuilder("\"use strict\";\n(() => {\n");
        List.of(files).forEach(file -> script.append(resource(file)).append('\n'));
        return script.append("})();\n").toString();
    }

    private static String resource(String name) {
        try (InputStream in = Page.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException(name + " is missing from the program");
            }
            // The hash of the policy is over what the browser sees, and it sees every line end as \n.
            return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
        } catch (IOException e) {
            throw new IllegalStateException(name + " could not be read from the program", e);
        }
    }

    private static String hash(String text) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return "sha256-" + Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}

package org.grpo4j.models.chat.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.grpo4j.framework.InputException;
import org.grpo4j.models.Fixtures;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The interpreter against Jinja2 itself, on the templates of {@code jinja/cases.json}. */
class LanguageTest {

    private static final Clock CLOCK = Clock.fixed(Instant.parse("2025-03-07T09:05:02Z"), ZoneOffset.UTC);

    @Test
    void everyTemplateRendersOrFailsAsInJinja2() {
        JsonNode file = Fixtures.json(Path.of("src/test/resources/jinja/cases.json"));
        Map<String, JsonNode> variables = file.path("variables").properties().stream()
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        List<String> wrong = new ArrayList<>();
        for (JsonNode example : file.path("cases")) {
            String template = example.path("template").textValue();
            String expected =
                    example.has("error") ? "an error" : example.path("rendered").textValue();
            String found;
            try {
                found = JinjaTemplate.parse("The template", template).render(variables, CLOCK);
            } catch (InputException e) {
                found = "an error";
            }
            if (!found.equals(expected)) {
                wrong.add(template + "\n  expected " + expected + "\n  found " + found);
            }
        }
        assertThat(file.path("cases").size()).isGreaterThan(250);
        assertThat(wrong).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {% include 'x' %}                 | line 1 cannot be rendered: the tag {% include %} is not supported here
            {% for x in y recursive %}        | a recursive for loop is not supported here
            {{ '\\N{DASH}' }}                 | the escape \\N{…} in a string is not supported here
            {{ 'a'.encode() }}                | the attribute 'encode' of a str is not supported here
            {{ [1]^ xmlattr }}                | the filter 'xmlattr' is not supported here
            {{ 'a' is escaped }}              | the test 'escaped' is not supported here
            {{ ('a'^ safe) + 'b' }}           | '+' on text marked as safe is not supported here
            {{ lipsum() }}                    | the function 'lipsum' is not supported here
            {{ strftime_now('%c') }}          | the date format %c is not supported here
            {{ '{:>5}'.format(1) }}           | the format field {:>5} is not supported here
            {{ '%x' % 1 }}                    | the format %x is not supported here
            """)
    void whatIsNotCoveredIsAnErrorThatNamesIt(String template, String message) {
        assertThatThrownBy(() -> render(template.replace('^', '|')))
                .isInstanceOf(InputException.class)
                .hasMessageStartingWith("The template")
                .hasMessageContaining(message);
    }

    @Test
    void errorsNameLineAndColumn() {
        assertThatThrownBy(() -> render("a\n{% if true %}\n  {{ 1 + }}\n{% endif %}"))
                .hasMessage("The template, line 3 cannot be rendered: syntax error: expected an expression, found '}}'"
                        + " (column 10)");
        assertThatThrownBy(() -> render("a\n\n{{ x.y }}"))
                .hasMessage("The template, line 3 cannot be rendered: 'x' is undefined");
        assertThatThrownBy(() -> render("\n{{ raise_exception('Only user turns!') }}"))
                .hasMessage("The template, line 2 refuses its input: Only user turns!");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
                "{% set n = namespace(s='x') %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{{ 'x' * 10 ** 12 }}",
                "{{ ('x' * 10 ** 6).replace('x', 'y' * 10 ** 6) }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = [n.s, n.s] %}{% endfor %}{{ n.s }}",
                "{% set n = namespace(s=[1]) %}{% for i in range(99) %}{% set n.s = n.s + n.s %}{% endfor %}",
                "{% macro f() %}{{ f() }}{% endmacro %}{{ f() }}",
                "{{ 9 ** 99999 ** 2 }}",
                "{{ 'x'.center(2000000000) }}",
                "{{ {'a': 1} | tojson(indent=2000000000) }}",
                "{{ [1] | batch(2000000000, 'x') | list }}",
                "{{ '%2000000000d' % 1 }}"
            })
    void aHostileTemplateEndsWithAnError(String template) {
        assertThatThrownBy(() -> render(template)).isInstanceOf(InputException.class);
    }

    @Test
    void deepNestingIsRefused() {
        for (String template : List.of(
                "{{ " + "(".repeat(50_000) + "1" + ")".repeat(50_000) + " }}",
                "{{ " + "-".repeat(50_000) + "1 }}",
                "{{ 1" + "+1".repeat(50_000) + " }}",
                "{{ x" + "|d".repeat(50_000) + " }}",
                "{% if true %}".repeat(50_000) + "{% endif %}".repeat(50_000))) {
            assertThatThrownBy(() -> render(template)).isInstanceOf(InputException.class);
        }
        assertThat(render("{{ 1" + "+1".repeat(300) + " }}")).isEqualTo("301");
    }

    private static String render(String template) {
        return JinjaTemplate.parse("The template", template).render(Map.of(), CLOCK);
    }
}

package org.grpo4j.training.fuzz;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.grpo4j.models.chat.ChatTemplate;

/** Chat templates, in a file of their own and in {@code tokenizer_config.json}. */
final class ChatTarget implements FuzzTarget {

    private static final String TEMPLATE = """
            {%- if messages[0].role == 'system' %}
                {{- '<|im_start|>system\\n' + messages[0].content | trim + '<|im_end|>\\n' }}
            {%- endif %}
            {%- set ns = namespace(count=0, last='') %}
            {%- macro turn(role, text) -%}
                <|im_start|>{{ role | upper }} {{ text[:20] ~ '...' }}
            {%- endmacro %}
            {%- for message in messages %}
                {%- set ns.count = ns.count + 1 %}
                {%- if message.role not in ['system', 'user', 'assistant'] %}
                    {{- raise_exception('unknown role ' + message.role) }}
                {%- elif loop.first or loop.index0 % 2 == 0 %}
                    {{- turn(message.role, message.content) }}
                {%- else %}
                    {{- message | tojson(indent=2) }}{{ '%05d' % ns.count }}{{ 'ab' * 3 }}
                {%- endif %}
            {%- endfor %}
            {%- for n in range(4) | list | reverse %}{{ n ** 2 }},{% endfor %}
            {{- strftime_now('%d %b %Y') }}{{ messages | map(attribute='role') | join('-') }}
            {%- if add_generation_prompt %}<|im_start|>assistant{{ bos_token }}{% endif %}
            """;

    private static final String CONFIG = """
            {"bos_token": "<s>", "eos_token": {"content": "</s>", "lstrip": false}, "pad_token": null,
             "additional_special_tokens": ["<a>", {"content": "<b>"}],
             "chat_template": "{% for m in messages %}{{ m['role'] + ': ' + m.content | trim }}\\n{% endfor %}{{ eos_token }}"}
            """;

    private static final String SEVERAL = """
            {"bos_token": "<s>", "chat_template": [
              {"name": "default", "template": "{{ messages | length }}{{ messages[-1].content.split(' ')[0] }}"},
              {"name": "tool_use", "template": "{{ tools }}"}]}
            """;

    @Override
    public String name() {
        return "chat";
    }

    @Override
    public List<Map<String, byte[]>> seeds() {
        return List.of(
                Map.of("chat_template.jinja", bytes(TEMPLATE)),
                Map.of("tokenizer_config.json", bytes(CONFIG)),
                Map.of("tokenizer_config.json", bytes(SEVERAL)),
                Map.of("chat_template.json", bytes(CONFIG)));
    }

    @Override
    public byte[] mutate(String file, byte[] content, Random random) {
        return file.endsWith(".json") ? JsonMutator.mutate(content, random) : TextMutator.mutate(content, random);
    }

    @Override
    public void load(Path folder) {
        ChatTemplate.load(folder)
                .ifPresent(template -> template.prompt("What is 1 + 1?", Optional.of("Be brief."), Map.of()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

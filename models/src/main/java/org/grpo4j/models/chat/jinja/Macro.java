package org.grpo4j.models.chat.jinja;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a template that can be called and gives its text. Its body sees the variables around its definition.
 *
 * @param scope that it was defined in
 */
record Macro(String name, Statement.Signature signature, Scope scope) implements Function {

    @Override
    public Object call(Arguments arguments, Rendering rendering) {
        Scope inside = scope.inner(signature.body().names());
        Map<String, Object> keywords = new LinkedHashMap<>(arguments.keywords());
        parameters(arguments.positional(), keywords, inside, new Evaluator(rendering));
        special(arguments.positional(), keywords, inside);
        return new Renderer(rendering).run(signature.body().statements(), inside);
    }

    /** Sets the parameters and takes those given by name out of {@code keywords}. */
    private void parameters(List<Object> positional, Map<String, Object> keywords, Scope inside, Evaluator evaluator) {
        List<String> names = signature.parameters();
        int required = names.size() - signature.defaults().size();
        for (int i = 0; i < names.size(); i++) {
            String parameter = names.get(i);
            Object given = i < positional.size() ? positional.get(i) : keywords.remove(parameter);
            if (given != null) {
                inside.set(parameter, given);
            } else if (i >= required) {
                inside.set(parameter, evaluator.value(signature.defaults().get(i - required), inside));
            } else {
                inside.set(parameter, new Undefined("parameter '" + parameter + "' was not provided"));
            }
        }
    }

    private void special(List<Object> positional, Map<String, Object> keywords, Scope inside) {
        int count = signature.parameters().size();
        if (signature.used().contains("caller") && !signature.parameters().contains("caller")) {
            Object caller = keywords.remove("caller");
            inside.set("caller", caller == null ? new Undefined("No caller defined") : caller);
        }
        if (signature.used().contains("kwargs")) {
            Dict rest = new Dict();
            keywords.forEach(rest::put);
            inside.set("kwargs", rest);
        } else if (!keywords.isEmpty()) {
            throw new TemplateException("macro '" + name + "' takes no keyword argument '"
                    + keywords.keySet().iterator().next() + "'");
        }
        if (signature.used().contains("varargs")) {
            List<Object> rest = positional.subList(Math.min(count, positional.size()), positional.size());
            inside.set("varargs", Items.of(Items.Kind.TUPLE, rest));
        } else if (positional.size() > count) {
            throw new TemplateException("macro '" + name + "' takes not more than " + count + " arguments");
        }
    }
}

package org.grpo4j.models.chat.jinja;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a template does. */
sealed interface Statement {

    record Text(String text) implements Statement {}

    record Output(Expression value) implements Statement {}

    /** Tests in order with what follows if they hold; {@code otherwise} if none does. */
    record If(List<Expression> tests, List<List<Statement>> bodies, List<Statement> otherwise) implements Statement {}

    /** @param condition of {@code for … if} */
    record For(Target target, Expression iterable, @Nullable Expression condition, Body body, Body otherwise, int line)
            implements Statement {}

    record SetValue(Target target, Expression value, int line) implements Statement {}

    /** {@code {% set x | filter %}…{% endset %}}. */
    record SetBlock(Target target, List<Expression.FilterCall> filters, Body body, int line) implements Statement {}

    record MacroDefinition(String name, Signature signature, int line) implements Statement {}

    /** {@code {% call(parameters) macro(arguments) %}…{% endcall %}}. */
    record CallBlock(Expression.Call call, Signature signature, int line) implements Statement {}

    record With(List<Target> targets, List<Expression> values, Body body, int line) implements Statement {}

    /** {@code {% filter f %}…{% endfilter %}}; without filters, a block with variables of its own. */
    record FilterBlock(List<Expression.FilterCall> filters, Body body) implements Statement {}

    record Break() implements Statement {}

    record Continue() implements Statement {}

    /** Statements with variables of their own. */
    record Body(List<Statement> statements, Names names) {}

    /**
     * The names in a body, without those in bodies inside it. Jinja2 decides by them, before it runs, where a name is
     * looked for.
     *
     * @param setFirst set before anything else is done with them, and not under a condition: they are undefined until
     *     then, unless a body around mentions them
     * @param mentioned all
     */
    record Names(Set<String> setFirst, Set<String> mentioned) {

        static final Names NONE = new Names(Set.of(), Set.of());
    }

    /**
     * Parameters and body of a macro.
     *
     * @param defaults of the last parameters
     * @param used special names that the body reads: {@code varargs}, {@code kwargs}, {@code caller}
     */
    record Signature(List<String> parameters, List<Expression> defaults, Body body, Set<String> used) {}

    /** What an assignment assigns to. */
    sealed interface Target {

        record Variable(String name) implements Target {}

        record Unpacked(List<Target> parts) implements Target {}

        record Field(String namespace, String name) implements Target {}
    }
}

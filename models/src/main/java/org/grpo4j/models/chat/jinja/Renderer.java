package org.grpo4j.models.chat.jinja;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.models.chat.jinja.Statement.Target;

/** Runs statements and collects what they print. */
final class Renderer {

    /** How a list of statements ended. */
    private enum Ending {
        COMPLETE,
        BREAK,
        CONTINUE
    }

    private final Rendering rendering;
    private final Budget budget;
    private final Evaluator evaluator;

    Renderer(Rendering rendering) {
        this.rendering = rendering;
        this.budget = rendering.budget();
        this.evaluator = new Evaluator(rendering);
    }

    /** The text of a body, run in a scope inside {@code around}. */
    String text(Statement.Body body, Scope around) {
        return run(body.statements(), around.inner(body.names()));
    }

    /** The text of statements, run in a scope. */
    String run(List<Statement> statements, Scope scope) {
        StringBuilder out = new StringBuilder();
        budget.enter();
        run(statements, scope, out);
        budget.leave();
        return out.toString();
    }

    private Ending run(List<Statement> statements, Scope scope, StringBuilder out) {
        for (Statement statement : statements) {
            budget.steps(1);
            Ending ending = run(statement, scope, out);
            if (ending != Ending.COMPLETE) {
                return ending;
            }
        }
        return Ending.COMPLETE;
    }

    private Ending run(Statement statement, Scope scope, StringBuilder out) {
        if (statement instanceof Statement.Text text) {
            print(text.text(), out);
        } else if (statement instanceof Statement.Output output) {
            print(evaluator.value(output.value(), scope), output.value().line(), out);
        } else if (statement instanceof Statement.If condition) {
            return condition(condition, scope, out);
        } else if (statement instanceof Statement.For loop) {
            return loop(loop, scope, out);
        } else if (statement instanceof Statement.SetValue set) {
            assign(set.target(), evaluator.value(set.value(), scope), scope, set.line());
        } else if (statement instanceof Statement.SetBlock set) {
            assign(set.target(), filtered(set.filters(), text(set.body(), scope), scope), scope, set.line());
        } else if (statement instanceof Statement.MacroDefinition macro) {
            scope.set(macro.name(), new Macro(macro.name(), macro.signature(), scope));
        } else if (statement instanceof Statement.CallBlock call) {
            callBlock(call, scope, out);
        } else if (statement instanceof Statement.With with) {
            return with(with, scope, out);
        } else if (statement instanceof Statement.FilterBlock block) {
            Scope inside = scope.inner(block.body().names());
            Object text = filtered(block.filters(), run(block.body().statements(), inside), inside);
            print(text, 0, out);
        } else if (statement instanceof Statement.Break) {
            return Ending.BREAK;
        } else {
            return Ending.CONTINUE;
        }
        return Ending.COMPLETE;
    }

    private void print(String text, StringBuilder out) {
        budget.characters(text.length());
        out.append(text);
    }

    private void print(Object value, int line, StringBuilder out) {
        try {
            print(Printer.str(value, budget), out);
        } catch (TemplateException e) {
            throw e.at(line);
        }
    }

    private Object filtered(List<Expression.FilterCall> filters, String text, Scope scope) {
        Object value = text;
        for (Expression.FilterCall filter : filters) {
            value = evaluator.filter(filter, value, scope);
        }
        return value;
    }

    private Ending condition(Statement.If condition, Scope scope, StringBuilder out) {
        for (int i = 0; i < condition.tests().size(); i++) {
            if (evaluator.truth(condition.tests().get(i), scope)) {
                return run(condition.bodies().get(i), scope, out);
            }
        }
        return run(condition.otherwise(), scope, out);
    }

    private Ending loop(Statement.For loop, Scope scope, StringBuilder out) {
        LoopState state;
        try {
            state = state(loop, scope);
        } catch (TemplateException e) {
            throw e.at(loop.line());
        }
        if (!state.hasNext()) {
            return run(
                    loop.otherwise().statements(), scope.inner(loop.otherwise().names()), out);
        }
        while (state.hasNext()) {
            budget.steps(1);
            Scope inside = scope.inner(loop.body().names());
            inside.set("loop", state);
            assign(loop.target(), state.next(), inside, loop.line());
            if (run(loop.body().statements(), inside, out) == Ending.BREAK) {
                break;
            }
        }
        return Ending.COMPLETE;
    }

    private LoopState state(Statement.For loop, Scope scope) {
        Object value = evaluator.value(loop.iterable(), scope);
        Iterator<Object> values = value instanceof Items items
                ? items.iterator()
                : Iteration.list(value, budget).iterator();
        Expression condition = loop.condition();
        if (condition == null) {
            boolean sized = !(value instanceof Items items) || items.hasLength();
            return new LoopState(values, sized ? Iteration.length(value) : -1);
        }
        Iterator<Object> filtered = LoopState.filtered(values, item -> {
            budget.steps(1);
            Scope inside = scope.inner(Statement.Names.NONE);
            assign(loop.target(), item, inside, loop.line());
            return evaluator.truth(condition, inside);
        });
        return new LoopState(filtered, -1);
    }

    private void callBlock(Statement.CallBlock block, Scope scope, StringBuilder out) {
        try {
            Arguments arguments = evaluator.arguments(block.call().arguments(), scope);
            Map<String, Object> keywords = new LinkedHashMap<>(arguments.keywords());
            keywords.put("caller", new Macro("caller", block.signature(), scope));
            Object target = evaluator.value(block.call().target(), scope);
            Object text = evaluator.call(target, new Arguments(arguments.positional(), keywords));
            print(text, block.line(), out);
        } catch (TemplateException e) {
            throw e.at(block.line());
        }
    }

    private Ending with(Statement.With with, Scope scope, StringBuilder out) {
        List<Object> values = with.values().stream()
                .map(value -> evaluator.value(value, scope))
                .toList();
        Scope inside = scope.inner(with.body().names());
        for (int i = 0; i < values.size(); i++) {
            assign(with.targets().get(i), values.get(i), inside, with.line());
        }
        return run(with.body().statements(), inside, out);
    }

    private void assign(Target target, Object value, Scope scope, int line) {
        if (target instanceof Target.Variable variable) {
            scope.set(variable.name(), value);
        } else if (target instanceof Target.Field field) {
            if (!(scope.get(field.namespace()) instanceof Namespace namespace)) {
                throw new TemplateException("cannot assign attribute on non-namespace object", line);
            }
            namespace.set(field.name(), value);
        } else if (target instanceof Target.Unpacked unpacked) {
            List<Object> values;
            try {
                values = Iteration.list(value, rendering.budget());
            } catch (TemplateException e) {
                throw e.at(line);
            }
            if (values.size() != unpacked.parts().size()) {
                throw new TemplateException(
                        "cannot unpack " + values.size() + " values into "
                                + unpacked.parts().size() + " names",
                        line);
            }
            for (int i = 0; i < values.size(); i++) {
                assign(unpacked.parts().get(i), values.get(i), scope, line);
            }
        }
    }
}

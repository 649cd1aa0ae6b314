package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.grpo4j.models.chat.jinja.Expression.CallArguments;
import org.grpo4j.models.chat.jinja.Expression.FilterCall;
import org.jspecify.annotations.Nullable;

/** Values of expressions. */
final class Evaluator {

    private final Rendering rendering;
    private final Budget budget;

    Evaluator(Rendering rendering) {
        this.rendering = rendering;
        this.budget = rendering.budget();
    }

    Object value(Expression expression, Scope scope) {
        try {
            budget.enter();
            Object value = dispatch(expression, scope);
            budget.leave();
            return value;
        } catch (TemplateException e) {
            throw e.at(expression.line());
        }
    }

    boolean truth(Expression expression, Scope scope) {
        return Truth.of(value(expression, scope));
    }

    private Object dispatch(Expression expression, Scope scope) {
        if (expression instanceof Expression.Literal literal) {
            return literal.value();
        } else if (expression instanceof Expression.Name name) {
            return scope.get(name.name());
        } else if (expression instanceof Expression.Attribute attribute) {
            return Subscripts.attribute(value(attribute.target(), scope), attribute.name());
        } else if (expression instanceof Expression.Item item) {
            return item(item, scope);
        } else if (expression instanceof Expression.Call call) {
            return call(value(call.target(), scope), arguments(call.arguments(), scope));
        } else if (expression instanceof Expression.Filtered filtered) {
            return filter(filtered.filter(), value(filtered.value(), scope), scope);
        } else if (expression instanceof Expression.Test test) {
            Arguments arguments = arguments(test.arguments(), scope);
            return Tests.holds(test.name(), arguments.withFirst(value(test.value(), scope)), rendering);
        } else if (expression instanceof Expression.Negation negation) {
            return !truth(negation.operand(), scope);
        } else if (expression instanceof Expression.Logical logical) {
            Object left = value(logical.left(), scope);
            return Truth.of(left) == logical.and() ? value(logical.right(), scope) : left;
        } else if (expression instanceof Expression.Unary unary) {
            return Operators.unary(unary.operator(), value(unary.operand(), scope));
        } else if (expression instanceof Expression.Binary binary) {
            return Operators.binary(
                    binary.operator(), value(binary.left(), scope), value(binary.right(), scope), budget);
        } else if (expression instanceof Expression.Comparison comparison) {
            return comparison(comparison, scope);
        } else if (expression instanceof Expression.Concatenation concatenation) {
            return concatenation(concatenation.parts(), scope);
        } else if (expression instanceof Expression.Conditional conditional) {
            return conditional(conditional, scope);
        }
        return display(expression, scope);
    }

    private Object display(Expression expression, Scope scope) {
        if (expression instanceof Expression.ListDisplay list) {
            return Items.list(values(list.items(), scope));
        } else if (expression instanceof Expression.TupleDisplay tuple) {
            return Items.of(Items.Kind.TUPLE, values(tuple.items(), scope));
        } else if (expression instanceof Expression.DictDisplay display) {
            Dict dict = new Dict();
            for (int i = 0; i < display.keys().size(); i++) {
                dict.put(
                        value(display.keys().get(i), scope),
                        value(display.values().get(i), scope));
            }
            return dict;
        }
        throw TemplateException.unsupported("a slice among several keys");
    }

    private List<Object> values(List<Expression> expressions, Scope scope) {
        List<Object> values = new ArrayList<>(expressions.size());
        for (Expression expression : expressions) {
            values.add(value(expression, scope));
        }
        return values;
    }

    private Object item(Expression.Item item, Scope scope) {
        Object target = value(item.target(), scope);
        if (item.key() instanceof Expression.Slice slice) {
            return Subscripts.slice(
                    target,
                    orNone(slice.start(), scope),
                    orNone(slice.stop(), scope),
                    orNone(slice.step(), scope),
                    budget);
        }
        return Subscripts.item(target, value(item.key(), scope), budget);
    }

    private Object orNone(@Nullable Expression expression, Scope scope) {
        return expression == null ? None.NONE : value(expression, scope);
    }

    private Object comparison(Expression.Comparison comparison, Scope scope) {
        Object left = value(comparison.first(), scope);
        for (int i = 0; i < comparison.rest().size(); i++) {
            Object right = value(comparison.rest().get(i), scope);
            if (!Comparing.test(comparison.operators().get(i), left, right, budget)) {
                return false;
            }
            left = right;
        }
        return true;
    }

    private Object concatenation(List<Expression> parts, Scope scope) {
        StringBuilder out = new StringBuilder();
        for (Object part : values(parts, scope)) {
            String text = Printer.str(part, budget);
            budget.characters(text.length());
            out.append(text);
        }
        return out.toString();
    }

    private Object conditional(Expression.Conditional conditional, Scope scope) {
        if (truth(conditional.test(), scope)) {
            return value(conditional.then(), scope);
        }
        Expression otherwise = conditional.otherwise();
        return otherwise == null
                ? new Undefined("the inline if-expression on line " + conditional.line()
                        + " evaluated to false and no else section was defined.")
                : value(otherwise, scope);
    }

    Object filter(FilterCall filter, Object value, Scope scope) {
        try {
            return Filters.apply(
                    filter.name(), arguments(filter.arguments(), scope).withFirst(value), rendering);
        } catch (TemplateException e) {
            throw e.at(filter.line());
        }
    }

    Object call(Object target, Arguments arguments) {
        if (target instanceof Function function) {
            return function.call(arguments, rendering);
        } else if (target instanceof Undefined undefined) {
            throw undefined.error();
        }
        throw new TemplateException("'" + Types.name(target) + "' object is not callable");
    }

    Arguments arguments(CallArguments written, Scope scope) {
        List<Object> positional = values(written.positional(), scope);
        Map<String, Object> keywords = new LinkedHashMap<>();
        for (int i = 0; i < written.keywords().size(); i++) {
            keyword(
                    keywords,
                    written.keywords().get(i),
                    value(written.keywordValues().get(i), scope));
        }
        if (written.star() != null) {
            positional.addAll(Iteration.list(value(written.star(), scope), budget));
        }
        if (written.doubleStar() != null) {
            if (!(value(written.doubleStar(), scope) instanceof Dict dict)) {
                throw new TemplateException("the argument after ** must be a mapping");
            }
            for (Object entry : dict.entries()) {
                List<Object> pair = ((Items) entry).values();
                keyword(keywords, Printer.str(pair.get(0), budget), pair.get(1));
            }
        }
        return new Arguments(positional, keywords);
    }

    private static void keyword(Map<String, Object> keywords, String name, Object value) {
        if (keywords.put(name, value) != null) {
            throw new TemplateException("the keyword argument '" + name + "' is repeated");
        }
    }
}

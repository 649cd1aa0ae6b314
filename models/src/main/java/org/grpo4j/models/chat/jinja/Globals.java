package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Functions that every template can call: Jinja2's, and the two that transformers adds. */
final class Globals {

    /** The sandbox of Jinja2 allows no longer ranges. */
    private static final int LONGEST_RANGE = 100_000;

    private static final Map<String, Object> ALL = new HashMap<>();

    static {
        define("range", Globals::range);
        define("dict", Globals::dict);
        define("namespace", Globals::namespace);
        define("raise_exception", Globals::raiseException);
        define(
                "strftime_now",
                (arguments, rendering) -> DateFormat.format(
                        arguments.bind("strftime_now", "format").text("format"), rendering.clock()));
        for (String name : List.of("lipsum", "cycler", "joiner")) {
            define(name, (arguments, rendering) -> {
                throw TemplateException.unsupported("the function '" + name + "'");
            });
        }
    }

    private Globals() {}

    static Map<String, Object> all() {
        return ALL;
    }

    private static void define(String name, Function function) {
        ALL.put(name, function);
    }

    private static Object range(Arguments arguments, Rendering rendering) {
        Arguments.Bound bound = arguments.bindPositional("range", "start", "stop", "step");
        boolean single = bound.get("stop") == null;
        BigInteger start = single ? BigInteger.ZERO : Numbers.integer(bound.required("start"));
        BigInteger stop = Numbers.integer(bound.required(single ? "start" : "stop"));
        BigInteger step = Numbers.integer(bound.or("step", BigInteger.ONE));
        if (step.signum() == 0) {
            throw new TemplateException("range() arg 3 must not be zero");
        }
        List<Object> values = new ArrayList<>();
        for (BigInteger i = start; i.compareTo(stop) * step.signum() < 0; i = i.add(step)) {
            if (values.size() == LONGEST_RANGE) {
                throw new TemplateException("a range has more than " + LONGEST_RANGE + " numbers");
            }
            values.add(i);
        }
        rendering.budget().elements(values.size());
        return Items.of(Items.Kind.RANGE, values);
    }

    private static Object dict(Arguments arguments, Rendering rendering) {
        Dict dict = new Dict();
        if (arguments.positional().size() > 1) {
            throw new TemplateException("dict takes at most one positional argument");
        }
        for (Object source : arguments.positional()) {
            Iterable<Object> entries =
                    source instanceof Dict other ? other.entries() : Iteration.of(source, rendering.budget());
            for (Object entry : entries) {
                List<Object> pair = Iteration.list(entry, rendering.budget());
                if (pair.size() != 2) {
                    throw new TemplateException("dict needs pairs of key and value");
                }
                dict.put(pair.get(0), pair.get(1));
            }
        }
        arguments.keywords().forEach(dict::put);
        return dict;
    }

    private static Object namespace(Arguments arguments, Rendering rendering) {
        Namespace namespace = new Namespace();
        for (Object entry : ((Dict) dict(arguments, rendering)).entries()) {
            List<Object> pair = ((Items) entry).values();
            namespace.set(Printer.str(pair.get(0), rendering.budget()), pair.get(1));
        }
        return namespace;
    }

    private static Object raiseException(Arguments arguments, Rendering rendering) {
        Object message = arguments.bind("raise_exception", "message").required("message");
        throw TemplateException.raisedByTemplate(Printer.str(message, rendering.budget()));
    }
}

package org.grpo4j.models.chat.jinja;

/** Something that can be called: a global, a macro, a method of a value, a filter or a test. */
@FunctionalInterface
interface Function {

    /** @param arguments for a filter or test, the value it is applied to is the first of them */
    Object call(Arguments arguments, Rendering rendering);
}

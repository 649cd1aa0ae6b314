package org.grpo4j.framework.plan;

/** One improvement of a program that leaves its results as they are. */
@FunctionalInterface
interface Pass {
    void apply(Program program);
}

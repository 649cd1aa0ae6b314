package org.grpo4j.models.chat.jinja;

import java.math.BigInteger;

/** Python's names of the types of values. */
final class Types {

    private Types() {}

    static String name(Object value) {
        if (value instanceof String) {
            return "str";
        } else if (value instanceof Boolean) {
            return "bool";
        } else if (value instanceof BigInteger) {
            return "int";
        } else if (value instanceof Double) {
            return "float";
        } else if (value instanceof Dict) {
            return "dict";
        } else if (value instanceof Items items) {
            return items.kind().typeName();
        } else if (value == None.NONE) {
            return "NoneType";
        }
        return value instanceof Function ? "function" : value.getClass().getSimpleName();
    }

    static boolean isNumber(Object value) {
        return value instanceof BigInteger || value instanceof Double || value instanceof Boolean;
    }
}

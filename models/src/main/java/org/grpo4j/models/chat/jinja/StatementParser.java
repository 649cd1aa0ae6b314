package org.grpo4j.models.chat.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.grpo4j.models.chat.jinja.Statement.Body;
import org.grpo4j.models.chat.jinja.Statement.Signature;
import org.grpo4j.models.chat.jinja.Statement.Target;
import org.jspecify.annotations.Nullable;

/** Turns the tokens of a template into statements, as {@code jinja2.parser} does. */
final class StatementParser {

    private static final int DEEPEST = 100;

    private static final Set<String> UNSUPPORTED =
            Set.of("block", "extends", "include", "import", "from", "print", "autoescape", "do", "trans", "debug");

    private final TokenStream tokens;
    private final ExpressionParser expressions;
    private NameTracker names = new NameTracker(null);
    private int depth;
    private int loops;

    /** The tag that ended the last {@link #statements}. */
    private String endTag = "";

    private StatementParser(List<Token> tokens) {
        this.tokens = new TokenStream(tokens);
        this.expressions = new ExpressionParser(this.tokens, () -> names);
    }

    /** @throws TemplateException if the template breaks the rules of the language or has a tag that is not covered */
    static Body parse(String template) {
        StatementParser parser = new StatementParser(Lexer.tokens(template));
        List<Statement> statements = parser.statements(Set.of());
        return new Body(statements, parser.names.names());
    }

    /** Statements up to a tag of one of these names, which is left to be read, or to the end of the template. */
    private List<Statement> statements(Set<String> ends) {
        if (++depth > DEEPEST) {
            throw tokens.current().error("blocks are nested more than " + DEEPEST + " levels deep");
        }
        List<Statement> statements = new ArrayList<>();
        while (!tokens.at(Token.Type.END)) {
            Token token = tokens.next();
            switch (token.type()) {
                case DATA -> statements.add(new Statement.Text(token.text()));
                case VARIABLE_BEGIN -> {
                    statements.add(new Statement.Output(expressions.tuple(true)));
                    tokens.expect(Token.Type.VARIABLE_END, "'}}'");
                }
                default -> {
                    Token name = tokens.expect(Token.Type.NAME, "the name of a tag");
                    if (ends.contains(name.text())) {
                        depth--;
                        endTag = name.text();
                        return statements;
                    }
                    statements.add(statement(name));
                    endOfTag();
                }
            }
        }
        if (!ends.isEmpty()) {
            throw tokens.current()
                    .error("the template ends where {% " + String.join(" %} or {% ", new TreeSet<>(ends))
                            + " %} was expected");
        }
        depth--;
        return statements;
    }

    private void endOfTag() {
        tokens.expect(Token.Type.BLOCK_END, "'%}'");
    }

    private Statement statement(Token name) {
        int line = name.line();
        return switch (name.text()) {
            case "if" -> condition();
            case "for" -> loop(line);
            case "set" -> set(line);
            case "macro" -> macro(line);
            case "call" -> callBlock(line);
            case "with" -> with(line);
            case "filter" -> filterBlock();
            case "generation" -> generation();
            case "break" -> inLoop(name, new Statement.Break());
            case "continue" -> inLoop(name, new Statement.Continue());
            default ->
                throw name.error(
                        UNSUPPORTED.contains(name.text())
                                ? "the tag {% " + name.text() + " %} is not supported here"
                                : "syntax error: unknown or misplaced tag {% " + name.text() + " %}");
        };
    }

    private Statement inLoop(Token name, Statement statement) {
        if (loops == 0) {
            throw name.error("syntax error: {% " + name.text() + " %} stands outside of a loop");
        }
        return statement;
    }

    private Statement condition() {
        List<Expression> tests = new ArrayList<>();
        List<List<Statement>> bodies = new ArrayList<>();
        List<Statement> otherwise = List.of();
        do {
            tests.add(expressions.tuple(false));
            endOfTag();
            names.enterCondition();
            bodies.add(statements(Set.of("elif", "else", "endif")));
            names.leaveCondition();
        } while (endTag.equals("elif"));
        if (endTag.equals("else")) {
            endOfTag();
            names.enterCondition();
            otherwise = statements(Set.of("endif"));
            names.leaveCondition();
        }
        return new Statement.If(tests, bodies, otherwise);
    }

    private Statement loop(int line) {
        Target target = target(false);
        tokens.expectName("in");
        Expression iterable = expressions.tuple(false, false, "recursive");
        NameTracker around = names;
        names = new NameTracker(around);
        declare(target);
        Expression filter = tokens.skipName("if") ? expressions.expression() : null;
        if (tokens.atName("recursive")) {
            throw tokens.current().error("a recursive for loop is not supported here");
        }
        names = new NameTracker(around);
        declare(target);
        names.declare("loop");
        endOfTag();
        loops++;
        Body body = new Body(statements(Set.of("endfor", "else")), names.names());
        loops--;
        names = new NameTracker(around);
        List<Statement> otherwise = List.of();
        if (endTag.equals("else")) {
            endOfTag();
            otherwise = statements(Set.of("endfor"));
        }
        Body otherBody = new Body(otherwise, names.names());
        names = around;
        return new Statement.For(target, iterable, filter, body, otherBody, line);
    }

    private Statement set(int line) {
        Target target = target(true);
        if (tokens.skipOperator("=")) {
            Expression value = expressions.tuple(true);
            assign(target);
            return new Statement.SetValue(target, value, line);
        }
        List<Expression.FilterCall> filters = filters();
        assign(target);
        endOfTag();
        return new Statement.SetBlock(target, filters, closedBody("endset"), line);
    }

    private List<Expression.FilterCall> filters() {
        List<Expression.FilterCall> filters = new ArrayList<>();
        while (tokens.skipOperator("|")) {
            filters.add(expressions.filter());
        }
        return filters;
    }

    private Statement macro(int line) {
        String name = tokens.expect(Token.Type.NAME, "the name of the macro").text();
        names.set(name);
        return new Statement.MacroDefinition(name, signature(), line);
    }

    private Statement callBlock(int line) {
        int start = tokens.current().line();
        NameTracker around = names;
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        names = new NameTracker(around);
        if (tokens.atOperator("(")) {
            parameters(parameters, defaults);
        }
        NameTracker inside = names;
        names = around;
        if (!(expressions.expression() instanceof Expression.Call call)) {
            throw new TemplateException("syntax error: {% call %} must call a macro", start);
        }
        names = inside;
        endOfTag();
        Signature signature = signatureBody(parameters, defaults, "endcall");
        names = around;
        return new Statement.CallBlock(call, signature, line);
    }

    private Signature signature() {
        names = new NameTracker(names);
        List<String> parameters = new ArrayList<>();
        List<Expression> defaults = new ArrayList<>();
        parameters(parameters, defaults);
        endOfTag();
        Signature signature = signatureBody(parameters, defaults, "endmacro");
        names = outerNames();
        return signature;
    }

    private void parameters(List<String> parameters, List<Expression> defaults) {
        tokens.expectOperator("(");
        while (!tokens.skipOperator(")")) {
            if (!parameters.isEmpty()) {
                tokens.expectOperator(",");
            }
            Token name = tokens.expect(Token.Type.NAME, "the name of a parameter");
            names.declare(name.text());
            parameters.add(name.text());
            if (tokens.skipOperator("=")) {
                defaults.add(expressions.expression());
            } else if (!defaults.isEmpty()) {
                throw name.error("syntax error: a parameter without default follows one with a default");
            }
        }
    }

    private Signature signatureBody(List<String> parameters, List<Expression> defaults, String end) {
        int outside = loops;
        loops = 0;
        List<Statement> statements = statements(Set.of(end));
        loops = outside;
        return new Signature(parameters, defaults, new Body(statements, names.names()), names.special());
    }

    private Statement with(int line) {
        List<Target> targets = new ArrayList<>();
        List<Expression> values = new ArrayList<>();
        while (!tokens.at(Token.Type.BLOCK_END)) {
            if (!targets.isEmpty()) {
                tokens.expectOperator(",");
            }
            targets.add(target(false));
            tokens.expectOperator("=");
            values.add(expressions.expression());
        }
        names = new NameTracker(names);
        targets.forEach(this::declare);
        endOfTag();
        Body body = new Body(statements(Set.of("endwith")), names.names());
        names = outerNames();
        return new Statement.With(targets, values, body, line);
    }

    private Statement filterBlock() {
        List<Expression.FilterCall> filters = new ArrayList<>(List.of(expressions.filter()));
        filters.addAll(filters());
        endOfTag();
        return new Statement.FilterBlock(filters, closedBody("endfilter"));
    }

    /** Marks what the assistant said, for loss masks of transformers; the text is the same with and without. */
    private Statement generation() {
        endOfTag();
        return new Statement.FilterBlock(List.of(), closedBody("endgeneration"));
    }

    /** A body that loops around it cannot be left from. */
    private Body closedBody(String end) {
        int outside = loops;
        loops = 0;
        names = new NameTracker(names);
        Body body = new Body(statements(Set.of(end)), names.names());
        names = outerNames();
        loops = outside;
        return body;
    }

    private NameTracker outerNames() {
        @Nullable NameTracker outer = names.outer();
        if (outer == null) {
            throw new IllegalStateException("the body of the whole template is never left");
        }
        return outer;
    }

    private Target target(boolean fields) {
        Target target = targetPart();
        if (fields && target instanceof Target.Variable variable && tokens.skipOperator(".")) {
            names.read(variable.name());
            return new Target.Field(
                    variable.name(),
                    tokens.expect(Token.Type.NAME, "a name after '.'").text());
        }
        if (!tokens.atOperator(",")) {
            return target;
        }
        List<Target> parts = new ArrayList<>(List.of(target));
        while (tokens.skipOperator(",")
                && (tokens.at(Token.Type.NAME) || tokens.atOperator("("))
                && !tokens.atName("in")) {
            parts.add(targetPart());
        }
        return new Target.Unpacked(parts);
    }

    private Target targetPart() {
        if (tokens.skipOperator("(")) {
            Target inside = target(false);
            tokens.expectOperator(")");
            return inside;
        }
        Token name = tokens.expect(Token.Type.NAME, "a name to assign to");
        if (Set.of("true", "false", "none", "True", "False", "None").contains(name.text())) {
            throw name.error("syntax error: cannot assign to " + name.shown());
        }
        return new Target.Variable(name.text());
    }

    private void declare(Target target) {
        if (target instanceof Target.Variable variable) {
            names.declare(variable.name());
        } else if (target instanceof Target.Unpacked unpacked) {
            unpacked.parts().forEach(this::declare);
        }
    }

    private void assign(Target target) {
        if (target instanceof Target.Variable variable) {
            names.set(variable.name());
        } else if (target instanceof Target.Unpacked unpacked) {
            unpacked.parts().forEach(this::assign);
        }
    }
}

package org.grpo4j.datasets.verify;

import java.util.Map;
import java.util.Set;

/** What LaTeX commands mean to the lexer. */
final class LatexCommands {

    /** Sizes, fonts without argument, and other commands that say nothing. */
    static final Set<String> IGNORED =
            words("left right middle big Big bigg Bigg bigl bigr Bigl Bigr biggl biggr Biggl Biggr"
                    + " displaystyle textstyle scriptstyle limits nolimits rm bf it tt sf underline underbrace boldsymbol bm"
                    + " ensuremath strut mathstrut boxed fbox mathopen mathclose mathbin mathord hline");

    static final Set<String> SPACES =
            words("quad qquad thinspace medspace thickspace enspace space hfill newline nobreak nobreakspace par");

    /** Commands that vanish together with their argument. */
    static final Set<String> DROPPED = words("hspace vspace phantom hphantom vphantom label tag color textcolor");

    /** Fonts of running text. */
    static final Set<String> TEXT_FONTS =
            words("text mbox hbox textbf textit textrm textsf texttt textnormal emph textup textsc");

    /** Fonts of mathematics. */
    static final Set<String> MATH_FONTS =
            words("mathrm mathbf mathit mathsf mathtt mathcal mathfrak mathscr operatorname");

    /** Commands that are a sign under another name. */
    static final Map<String, String> SIGNS = Map.ofEntries(
            Map.entry("le", "<="),
            Map.entry("leq", "<="),
            Map.entry("leqslant", "<="),
            Map.entry("leqq", "<="),
            Map.entry("ge", ">="),
            Map.entry("geq", ">="),
            Map.entry("geqslant", ">="),
            Map.entry("geqq", ">="),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("ne", "!="),
            Map.entry("neq", "!="),
            Map.entry("approx", "approx"),
            Map.entry("simeq", "approx"),
            Map.entry("in", "in"),
            Map.entry("cup", "cup"),
            Map.entry("bigcup", "cup"),
            Map.entry("cap", "cap"),
            Map.entry("setminus", "setminus"),
            Map.entry("backslash", "setminus"),
            Map.entry("smallsetminus", "setminus"),
            Map.entry("times", "*"),
            Map.entry("cdot", "*"),
            Map.entry("ast", "*"),
            Map.entry("div", "/"),
            Map.entry("slash", "/"),
            Map.entry("colon", ":"),
            Map.entry("mid", "mid"),
            Map.entry("vert", "|"),
            Map.entry("lvert", "|"),
            Map.entry("rvert", "|"),
            Map.entry("lbrace", "\\{"),
            Map.entry("rbrace", "\\}"),
            Map.entry("lbrack", "["),
            Map.entry("rbrack", "]"),
            Map.entry("lparen", "("),
            Map.entry("rparen", ")"),
            Map.entry("langle", "<<"),
            Map.entry("rangle", ">>"),
            Map.entry("lfloor", "lfloor"),
            Map.entry("rfloor", "rfloor"),
            Map.entry("lceil", "lceil"),
            Map.entry("rceil", "rceil"),
            Map.entry("pm", "pm"),
            Map.entry("mp", "mp"),
            Map.entry("land", "and"),
            Map.entry("wedge", "and"),
            Map.entry("lor", "or"),
            Map.entry("vee", "or"),
            Map.entry("circ", "°"),
            Map.entry("degree", "°"),
            Map.entry("prime", "'"));

    static final Map<String, String> ALIASES = Map.ofEntries(
            Map.entry("dfrac", "frac"),
            Map.entry("nicefrac", "frac"),
            Map.entry("sfrac", "frac"),
            Map.entry("tfrac", "frac"),
            Map.entry("cfrac", "frac"),
            Map.entry("dbinom", "binom"),
            Map.entry("tbinom", "binom"),
            Map.entry("varnothing", "emptyset"),
            Map.entry("varphi", "phi"),
            Map.entry("varepsilon", "epsilon"),
            Map.entry("vartheta", "theta"),
            Map.entry("arcsec", "asec"),
            Map.entry("tg", "tan"),
            Map.entry("ctg", "cot"),
            Map.entry("widehat", "hat"),
            Map.entry("widetilde", "tilde"),
            Map.entry("dots", "ldots"),
            Map.entry("cdots", "ldots"));

    private LatexCommands() {}

    private static Set<String> words(String list) {
        return Set.of(list.split(" "));
    }
}

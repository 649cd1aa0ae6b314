package org.grpo4j.datasets.verify;

import java.text.Normalizer;
import java.util.HashMap;
import java.util.Map;

/** Signs of other alphabets and Unicode's mathematics, in the LaTeX that says the same. */
final class Characters {

    private static final Map<Character, String> LATEX = new HashMap<>();
    private static final String SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    private static final String SUBSCRIPTS = "₀₁₂₃₄₅₆₇₈₉";

    static {
        put("−–—‐‑﹣－", "-");
        put("×✕⨯", "\\times ");
        put("·⋅∙•", "\\cdot ");
        put("÷", "\\div ");
        put("∕⁄", "/");
        put("π", "\\pi ");
        put("∞", "\\infty ");
        put("√", "\\surd ");
        put("∛", "\\cuberoot ");
        put("°º˚", "^\\circ ");
        put("±", "\\pm ");
        put("∓", "\\mp ");
        put("≤⩽", "\\le ");
        put("≥⩾", "\\ge ");
        put("≠", "\\ne ");
        put("≈", "\\approx ");
        put("≡", "\\equiv ");
        put("∪", "\\cup ");
        put("∩", "\\cap ");
        put("∖", "\\setminus ");
        put("∈", "\\in ");
        put("∅Ø", "\\emptyset ");
        put("ℝ", "\\mathbb{R}");
        put("ℤ", "\\mathbb{Z}");
        put("ℕ", "\\mathbb{N}");
        put("ℚ", "\\mathbb{Q}");
        put("ℂ", "\\mathbb{C}");
        put("⌊", "\\lfloor ");
        put("⌋", "\\rfloor ");
        put("⌈", "\\lceil ");
        put("⌉", "\\rceil ");
        put("⟨", "\\langle ");
        put("⟩", "\\rangle ");
        put("′’ʹ", "'");
        put("″”“", "\"");
        put("∠", "\\angle ");
        put("△", "\\triangle ");
        put("∧", "\\land ");
        put("∨", "\\lor ");
        put("→", "\\to ");
        put("∣", "|");
        put("…", "\\ldots ");
        put("½", "\\frac12 ");
        put("⅓", "\\frac13 ");
        put("⅔", "\\frac23 ");
        put("¼", "\\frac14 ");
        put("¾", "\\frac34 ");
        put("€£¥₹", " ");
        put("\u00A0\u2002\u2003\u2009\u200A\u202F\u3000", " ");
        put("\u200B\u200C\u200D\uFEFF\u2061\u2062", "");
        put("，", ",");
        put("α", "\\alpha ");
        put("β", "\\beta ");
        put("γ", "\\gamma ");
        put("δ", "\\delta ");
        put("ε", "\\epsilon ");
        put("θ", "\\theta ");
        put("λ", "\\lambda ");
        put("μ", "\\mu ");
        put("ρ", "\\rho ");
        put("σ", "\\sigma ");
        put("τ", "\\tau ");
        put("φ", "\\phi ");
        put("ϕ", "\\phi ");
        put("ψ", "\\psi ");
        put("ω", "\\omega ");
        put("Δ", "\\Delta ");
        put("Ω", "\\Omega ");
        put("ℏ", "\\hbar ");
    }

    private Characters() {}

    private static void put(String signs, String latex) {
        for (char sign : signs.toCharArray()) {
            LATEX.put(sign, latex);
        }
    }

    /** The same text with nothing beyond ASCII that has a meaning here. */
    static String toLatex(String text) {
        int first = 0;
        while (first < text.length() && text.charAt(first) < 128) {
            first++;
        }
        if (first == text.length()) {
            return text;
        }
        StringBuilder latex = new StringBuilder(text.length() + 16).append(text, 0, first);
        for (int i = first; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < 128) {
                latex.append(c);
            } else if (SUPERSCRIPTS.indexOf(c) >= 0 || c == '⁻') {
                i = script(text, i, "^{", SUPERSCRIPTS, latex);
            } else if (SUBSCRIPTS.indexOf(c) >= 0) {
                i = script(text, i, "_{", SUBSCRIPTS, latex);
            } else {
                String known = LATEX.get(c);
                latex.append(known == null ? Normalizer.normalize(Character.toString(c), Normalizer.Form.NFKC) : known);
            }
        }
        return latex.toString();
    }

    /** A run of raised or lowered digits; returns where it ends. */
    private static int script(String text, int start, String open, String digits, StringBuilder latex) {
        latex.append(open);
        int end = start;
        while (end < text.length() && (digits.indexOf(text.charAt(end)) >= 0 || text.charAt(end) == '⁻')) {
            latex.append(text.charAt(end) == '⁻' ? "-" : Integer.toString(digits.indexOf(text.charAt(end))));
            end++;
        }
        latex.append('}');
        return end - 1;
    }
}

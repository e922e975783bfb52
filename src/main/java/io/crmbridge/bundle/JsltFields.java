package io.crmbridge.bundle;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Fields that a mapping takes from its input itself: not those of what a loop goes through, nor behind a pipe. A mapping with
 * functions of its own is left alone, because what a dot means in one depends on who calls it.
 */
final class JsltFields {
    /** @param offset of the name in the text */
    record Field(String name, int offset) {}

    private final String text;
    private final List<Field> fields = new ArrayList<>();
    /** For each open bracket whether a dot in it is the input. */
    private final Deque<Boolean> input = new ArrayDeque<>(List.of(true));
    /** Depths at which the source of a loop is closed. */
    private final Deque<Integer> loops = new ArrayDeque<>();

    private JsltFields(String text) {
        this.text = text;
    }

    static List<Field> of(String text) {
        JsltFields reading = new JsltFields(text);
        return reading.read() ? List.copyOf(reading.fields) : List.of();
    }

    private boolean read() {
        boolean loop = false;
        int at = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '"') {
                at = endOfString(at);
            } else if (c == '/' && text.startsWith("//", at)) {
                int end = text.indexOf('\n', at);
                at = end < 0 ? text.length() : end;
            } else if (isBeginOfName(c)) {
                int end = endOfName(at);
                String word = text.substring(at, end);
                if (word.equals("def")) {
                    return false;
                }
                loop = word.equals("for");
                at = end;
            } else if (c == '.') {
                at = dot(at);
            } else {
                if (c == '(' || c == '[' || c == '{') {
                    if (loop && c == '(') {
                        loops.push(input.size());
                        loop = false;
                    }
                    input.push(input.peek());
                } else if ((c == ')' || c == ']' || c == '}') && input.size() > 1) {
                    input.pop();
                    if (c == ')' && !loops.isEmpty() && loops.peek() == input.size()) {
                        loops.pop();
                        notTheInput();
                    }
                } else if (c == '|' && !text.startsWith("||", at)) {
                    notTheInput();
                }
                at++;
            }
        }
        return true;
    }

    private void notTheInput() {
        input.pop();
        input.push(false);
    }

    private int dot(int at) {
        boolean chained = at > 0 && (isInName(text.charAt(at - 1)) || ")]\"".indexOf(text.charAt(at - 1)) >= 0);
        int begin = at + 1;
        if (begin >= text.length()) {
            return begin;
        }
        boolean quoted = text.charAt(begin) == '"';
        if (!quoted && !isBeginOfName(text.charAt(begin))) {
            return begin;
        }
        int end = quoted ? endOfString(begin) : endOfName(begin);
        if (!chained && Boolean.TRUE.equals(input.peek())) {
            int name = quoted ? begin + 1 : begin;
            fields.add(new Field(text.substring(name, quoted ? Math.max(end - 1, name) : end), name));
        }
        return end;
    }

    private int endOfString(int begin) {
        int at = begin + 1;
        while (at < text.length() && text.charAt(at) != '"') {
            at += text.charAt(at) == '\\' ? 2 : 1;
        }
        return Math.min(at + 1, text.length());
    }

    private int endOfName(int begin) {
        int at = begin;
        while (at < text.length() && isInName(text.charAt(at))) {
            at++;
        }
        return at;
    }

    private static boolean isBeginOfName(char c) {
        return Character.isLetter(c) || c == '_' || c == '$';
    }

    private static boolean isInName(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '-' || c == ':' || c == '$';
    }
}

package io.crmbridge.component;

import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.Evaluator;
import org.jsoup.select.NodeFilter;
import org.jsoup.select.QueryParser;

/** The text of a mail's HTML, line by line as it is seen. */
public final class MailHtml {
    /** A tag at its beginning, or one that parts lines where a plain text would not quote it. */
    private static final Pattern IS_HTML = Pattern.compile("(?i)^\\s*</?[a-z!][a-z0-9:]*(?:\\s[^<>]*)?/?>"
            + "|(?m)^(?![ \\t]*>).*</?(?:html|body|div|p|br|table|blockquote|ul|ol|pre)(?:\\s[^<>]*)?/?>");

    private static final Evaluator NO_TEXT = QueryParser.parse("title, style, script, template, noscript");

    private static final String QUOTE =
            "(?i)gmail_quote|gmail_attr|gmail_signature|yahoo_quoted|moz-cite-prefix|moz-signature|protonmail_quote"
                    + "|protonmail_signature|tutanota_quote|zmail_extra|\\bcite\\b|apple-mail-quote|mail-quote"
                    + "|ms-outlook-mobile-signature|reply-intro";
    /** What mail programs call the part that holds the mail which is answered, or a signature; and what is hidden. */
    private static final Evaluator NOT_OWN = QueryParser.parse(
            "blockquote, [type=cite], [data-smartmail=gmail_signature], [hidden], [style~=(?i)display\\s*:\\s*none]"
                    + ", [class~=" + QUOTE + "], [id~=" + QUOTE + "]");
    /** Outlook marks the place behind which the mail that is answered begins. */
    private static final Evaluator NOT_OWN_FROM_HERE =
            QueryParser.parse("[id~=(?i)^(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container"
                    + "|OLK_SRC_BODY_SECTION|replySplit|isForwardContent)]");

    private MailHtml() {}

    /** Some tag is not enough: a plain text may hold {@code <b>}, or an address in angle brackets. */
    public static boolean isHtml(String body) {
        return IS_HTML.matcher(body).find();
    }

    /** All of it. */
    public static String text(String html) {
        return read(html, new Lines(false));
    }

    /** Without what is marked as quoted, as a signature or as hidden. */
    public static String ownText(String html) {
        return read(html, new Lines(true));
    }

    private static String read(String html, Lines lines) {
        Jsoup.parse(html).body().filter(lines);
        return lines.text
                .toString()
                .lines()
                .map(line -> line.replace('\u00a0', ' ').strip())
                .collect(Collectors.joining("\n"))
                .replaceAll("\n{3,}", "\n\n")
                .strip();
    }

    private static final class Lines implements NodeFilter {
        private final boolean ownOnly;
        private final StringBuilder text = new StringBuilder();
        private int preformatted;

        private Lines(boolean ownOnly) {
            this.ownOnly = ownOnly;
        }

        @Override
        public FilterResult head(Node node, int depth) {
            if (node instanceof TextNode words) {
                add(words.getWholeText());
            } else if (node instanceof Element element) {
                return begin(element);
            }
            return FilterResult.CONTINUE;
        }

        private FilterResult begin(Element element) {
            // Asked of the evaluator itself: Element.is() would look up the root each time, as far away as it may be.
            if (NO_TEXT.matches(element, element)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            if (ownOnly && NOT_OWN_FROM_HERE.matches(element, element)) {
                return FilterResult.STOP;
            }
            part(element);
            if (ownOnly && NOT_OWN.matches(element, element)) {
                return FilterResult.SKIP_ENTIRELY;
            }
            preformatted += element.nameIs("pre") ? 1 : 0;
            return FilterResult.CONTINUE;
        }

        @Override
        public FilterResult tail(Node node, int depth) {
            if (node instanceof Element element && !element.nameIs("br")) {
                part(element);
                preformatted -= element.nameIs("pre") ? 1 : 0;
            }
            return FilterResult.CONTINUE;
        }

        private void part(Element element) {
            if (element.nameIs("br")) {
                text.append('\n');
            } else if (element.nameIs("td") || element.nameIs("th")) {
                add(" ");
            } else if (element.isBlock() && !endsWith('\n')) {
                text.append('\n');
            }
        }

        private void add(String words) {
            if (preformatted > 0) {
                text.append(words);
            } else {
                String seen = words.replaceAll("\\s+", " ");
                text.append(endsWith(' ') || endsWith('\n') ? seen.stripLeading() : seen);
            }
        }

        private boolean endsWith(char end) {
            return text.isEmpty() || text.charAt(text.length() - 1) == end;
        }
    }
}

package io.crmbridge.component.map;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The text of a mail's HTML without what it quotes, line by line as it is seen. Reads whatever mail programs write: what is
 * not closed ends with the mail, and what is no tag is text.
 */
final class HtmlText {
    /** A tag at its beginning, or one that parts lines where a plain text would not quote it. */
    private static final Pattern IS_HTML = Pattern.compile("(?i)^\\s*</?[a-z!][a-z0-9:]*(?:\\s[^<>]*)?/?>"
            + "|(?m)^(?!\\s*>).*</?(?:html|body|div|p|br|table|blockquote|ul|ol|pre)(?:\\s[^<>]*)?/?>");

    private static final Pattern TAG_BEGINS = Pattern.compile("<(/?)([a-zA-Z][a-zA-Z0-9:]*)(?=[\\s/>])");
    private static final Pattern ENTITY = Pattern.compile("&(#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z]{2,8});?");
    private static final Set<String> UNSEEN = Set.of("head", "title", "style", "script", "template", "noscript");
    private static final Set<String> EMPTY =
            Set.of("area", "base", "br", "col", "hr", "img", "input", "link", "meta", "wbr");
    private static final Set<String> LINES = Set.of(
            "address",
            "article",
            "blockquote",
            "body",
            "center",
            "dd",
            "div",
            "dl",
            "dt",
            "footer",
            "form",
            "h1",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "header",
            "hr",
            "html",
            "li",
            "main",
            "ol",
            "p",
            "pre",
            "section",
            "table",
            "tr",
            "ul");
    /** What mail programs call the part that holds the mail which is answered, or a signature. */
    private static final Pattern QUOTE =
            Pattern.compile("(?i)\\b(?:class|id|type|data-smartmail)\\s*=\\s*[\"']?[^\"'>]*"
                    + "(?:gmail_quote|gmail_attr|gmail_signature|yahoo_quoted|moz-cite-prefix|moz-signature|protonmail_quote"
                    + "|protonmail_signature|tutanota_quote|zmail_extra|\\bcite\\b|apple-mail-quote|mail-quote|ms-outlook-mobile-signature"
                    + "|reply-intro)");
    /** Outlook marks the place behind which the mail that is answered begins. */
    private static final Pattern QUOTE_FROM_HERE = Pattern.compile(
            "(?i)\\bid\\s*=\\s*[\"']?(?:x_)*(?:divRplyFwdMsg|appendonsend|mail-editor-reference-message-container"
                    + "|OLK_SRC_BODY_SECTION|replySplit|isForwardContent)");

    private static final Pattern HIDDEN = Pattern.compile("(?i)\\bstyle\\s*=.*display\\s*:\\s*none");
    /** In the order of their code points, from 160 on. */
    private static final List<String> LATIN =
            List.of(("nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not"
                            + " shy reg macr deg plusmn sup2 sup3 acute micro para middot cedil sup1 ordm raquo frac14 frac12 frac34"
                            + " iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil Egrave Eacute Ecirc Euml Igrave Iacute"
                            + " Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave Uacute Ucirc Uuml Yacute"
                            + " THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml igrave"
                            + " iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml"
                            + " yacute thorn yuml")
                    .split(" "));

    private static final Map<String, String> NAMED = Map.ofEntries(
            Map.entry("amp", "&"),
            Map.entry("lt", "<"),
            Map.entry("gt", ">"),
            Map.entry("quot", "\""),
            Map.entry("apos", "'"),
            Map.entry("lsquo", "‘"),
            Map.entry("rsquo", "’"),
            Map.entry("ldquo", "“"),
            Map.entry("rdquo", "”"),
            Map.entry("ndash", "–"),
            Map.entry("mdash", "—"),
            Map.entry("hellip", "…"),
            Map.entry("bull", "•"),
            Map.entry("euro", "€"),
            Map.entry("zwnj", ""),
            Map.entry("zwj", ""));

    private final String html;
    private final StringBuilder text = new StringBuilder();
    private int preformatted;
    private String skipped = "";
    private int depth;

    private HtmlText(String html) {
        this.html = html;
    }

    static boolean isHtml(String body) {
        return IS_HTML.matcher(body).find();
    }

    static String of(String html) {
        return new HtmlText(html).read();
    }

    private String read() {
        Matcher tag = TAG_BEGINS.matcher(html);
        int at = 0;
        while (at < html.length()) {
            int open = html.indexOf('<', at);
            if (open < 0) {
                break;
            }
            text(html.substring(at, open));
            if (html.startsWith("<!--", open)) {
                at = after("-->", open);
            } else if (html.startsWith("<!", open) || html.startsWith("<?", open)) {
                at = after(">", open);
            } else if (tag.region(open, html.length()).lookingAt()) {
                int end = endOfTag(tag.end());
                String attributes = html.substring(tag.end(), end);
                if (!tag(tag.group(2).toLowerCase(Locale.ROOT), tag.group(1).isEmpty(), attributes)) {
                    return text.toString();
                }
                at = Math.min(end + 1, html.length());
            } else {
                text("<");
                at = open + 1;
            }
        }
        text(html.substring(at));
        return text.toString();
    }

    /** Whether the mail goes on behind it. */
    private boolean tag(String name, boolean opens, String attributes) {
        if (!skipped.isEmpty()) {
            skip(name, opens);
        } else if (opens && QUOTE_FROM_HERE.matcher(attributes).find()) {
            return false;
        } else {
            element(name, opens, attributes);
        }
        return true;
    }

    private int after(String end, int from) {
        int found = html.indexOf(end, from);
        return found < 0 ? html.length() : found + end.length();
    }

    /** Where its {@code >} is, one within a quoted value aside. */
    private int endOfTag(int from) {
        for (int i = from; i < html.length(); i++) {
            char c = html.charAt(i);
            if (c == '>') {
                return i;
            }
            if ((c == '"' || c == '\'') && html.charAt(i - 1) == '=') {
                int closing = html.indexOf(c, i + 1);
                i = closing < 0 ? i : closing;
            }
        }
        return html.length();
    }

    /** What is skipped ends where an element of its name ends that is none of those within it. */
    private void skip(String name, boolean opens) {
        if (name.equals(skipped)) {
            depth += opens ? 1 : -1;
            if (depth == 0) {
                skipped = "";
            }
        }
    }

    private void element(String name, boolean opens, String attributes) {
        if (LINES.contains(name)) {
            line();
        } else if (opens && (name.equals("td") || name.equals("th"))) {
            text.append(' ');
        }
        if (name.equals("br")) {
            text.append('\n');
        }
        if (name.equals("pre")) {
            preformatted = Math.max(0, preformatted + (opens ? 1 : -1));
        }
        boolean hides = name.equals("blockquote")
                || UNSEEN.contains(name)
                || QUOTE.matcher(attributes).find()
                || HIDDEN.matcher(attributes).find();
        if (opens && hides && !EMPTY.contains(name) && !attributes.endsWith("/")) {
            skipped = name;
            depth = 1;
        }
    }

    private void line() {
        if (!text.isEmpty() && text.charAt(text.length() - 1) != '\n') {
            text.append('\n');
        }
    }

    private void text(String raw) {
        if (skipped.isEmpty() && !raw.isEmpty()) {
            String seen = preformatted > 0 ? raw : raw.replaceAll("[ \\t\\r\\n\\f]+", " ");
            boolean lineBegins = text.isEmpty() || text.charAt(text.length() - 1) == '\n';
            text.append(plain(lineBegins && preformatted == 0 ? seen.stripLeading() : seen));
        }
    }

    private static String plain(String seen) {
        return ENTITY.matcher(seen).replaceAll(found -> Matcher.quoteReplacement(meant(found.group(1), found.group())));
    }

    private static String meant(String name, String written) {
        if (name.startsWith("#")) {
            boolean hex = name.charAt(1) == 'x' || name.charAt(1) == 'X';
            int point = hex ? Integer.parseInt(name.substring(2), 16) : Integer.parseInt(name.substring(1));
            return Character.isValidCodePoint(point) && point > 0 ? Character.toString(point) : "";
        }
        int latin = LATIN.indexOf(name);
        return latin < 0 ? NAMED.getOrDefault(name, written) : Character.toString(160 + latin);
    }
}

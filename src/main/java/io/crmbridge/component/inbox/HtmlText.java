package io.crmbridge.component.inbox;

import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeVisitor;

/** The text of HTML as a person reads it: its lines are kept, what is no text is left out. */
final class HtmlText {
    private HtmlText() {}

    static String of(String html) {
        Document document = Jsoup.parse(html);
        document.select("head, script, style, template").remove();
        StringBuilder text = new StringBuilder();
        document.body().traverse(new NodeVisitor() {
            @Override
            public void head(Node node, int depth) {
                if (node instanceof TextNode words) {
                    text.append(words.getWholeText().replaceAll("\\s+", " "));
                } else if (node instanceof Element element) {
                    text.append(breakOf(element));
                }
            }

            @Override
            public void tail(Node node, int depth) {
                if (node instanceof Element element && !element.nameIs("br")) {
                    text.append(breakOf(element));
                }
            }
        });
        return text.toString()
                .lines()
                .map(line -> line.replaceAll("[\\s\\u00A0]+", " ").strip())
                .collect(Collectors.joining("\n"))
                .replaceAll("\n{3,}", "\n\n")
                .strip();
    }

    private static String breakOf(Element element) {
        if (element.nameIs("td") || element.nameIs("th")) {
            return " ";
        }
        return element.nameIs("br") || element.isBlock() ? "\n" : "";
    }
}

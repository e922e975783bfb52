package io.crmbridge.component.map;

import io.crmbridge.component.MailHtml;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * What the sender of a mail wrote, without the mail that it answers, without a signature and without HTML. Where it is not
 * sure what is quoted, a line counts as the sender's own.
 */
final class OwnText {
    /** How many lines a heading such as "On ... wrote:" is wrapped over at most. */
    private static final int WRAPPED = 4;

    /** How many characters such a heading has at most. */
    private static final int LONGEST = 500;

    private static final Pattern UNSEEN = Pattern.compile("[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060\\ufeff]");
    private static final Pattern SEPARATOR =
            Pattern.compile("(?iu)^[-_]{2,}\\s*(?:original message|original[- ]?nachricht"
                    + "|ursprüngliche nachricht|message d['’]origine|message original|mensaje original|mensagem original"
                    + "|messaggio originale|oorspronkelijk bericht|ursprungligt meddelande|oprindelig meddelelse|wiadomość oryginalna"
                    + "|forwarded message|weitergeleitete nachricht|message transféré|mensaje reenviado|messaggio inoltrato"
                    + ")\\s*[-_]{2,}$|^_{10,}$|^-{20,}$");
    private static final Pattern SIGNATURE =
            Pattern.compile("(?iu)^(?:--|sent from (?:my|mail for|outlook|yahoo|proton)\\b.*|get outlook for .*"
                    + "|von meinem .* gesendet|gesendet von (?:meinem|mail für|outlook|yahoo)\\b.*|envoyé de(?:puis)? mon .*|enviado desde mi .*|enviado do meu .*"
                    + "|inviato dal mio .*|verzonden vanaf mijn .*|skickat från min .*)$");
    /** Each asks for a digit, which is in every date: a sentence may begin with On and end with wrote. */
    private static final List<Pattern> HEADINGS = List.of(
            heading("on", "wrote"),
            heading("am", "schrieb"),
            heading("le", "a écrit"),
            heading("el", "escribió"),
            heading("il(?: giorno)?", "ha scritto"),
            heading("em", "escreveu"),
            heading("op", "schreef"),
            heading("den", "skrev"),
            heading("(?:w dniu|dnia)", "(?:napisał|napisała|napisał\\(a\\)|pisze)"),
            // Of whatever language: a date, a person, a colon.
            Pattern.compile("(?u)^(?=.*\\b\\d{4}\\b).{6,200}<[^<>\\s]+@[^<>\\s]+>.{0,20}:$"));

    private static final Pattern HEADING_BEFORE_A_QUOTE = Pattern.compile(
            "(?iu)^.{1,200}\\b(?:wrote|writes|schrieb|a écrit|escribió|ha scritto|escreveu|schreef|skrev):$");
    private static final Pattern FROM = Pattern.compile("(?iu)^\\*?(?:from|von|de|da|van|od|från|fra)\\s?:\\*?\\s.*");
    private static final Pattern FIELD =
            Pattern.compile("(?iu)^\\*?(?:sent|gesendet|envoyé|enviado|enviada em|inviato|verzonden"
                    + "|skickat|sendt|wysłano|date|datum|fecha|data|dato|to|an|à|para|a|aan|till|til|do|cc|kopie|subject|betreff|objet"
                    + "|asunto|oggetto|onderwerp|assunto|ämne|emne|temat)\\s?:\\*?\\s.*");

    private final List<String> lines;

    private OwnText(List<String> lines) {
        this.lines = lines;
    }

    /** @return lines without blanks around them, parted by a newline; empty where nothing is the sender's own */
    static String of(String body) {
        String text = MailHtml.isHtml(body) ? MailHtml.ownText(body) : body;
        List<String> lines = text.lines()
                .map(line -> UNSEEN.matcher(line)
                        .replaceAll("")
                        .replace('\u00a0', ' ')
                        .strip())
                .toList();
        return String.join("\n", new OwnText(lines).own())
                .replaceAll("\n{3,}", "\n\n")
                .strip();
    }

    private static Pattern heading(String first, String last) {
        return Pattern.compile("(?iu)^" + first + "\\b(?=.*\\d).{4,300}(?<!\\p{L})" + last + "(?!\\p{L}).{0,120}:$");
    }

    private List<String> own() {
        List<String> own = new ArrayList<>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i);
            if (isQuoted(i)) {
                continue;
            }
            int heading = headingAt(i);
            if (heading > 0) {
                int next = written(i + heading);
                if (next == lines.size() || !isMarked(next)) {
                    // Nothing marks the lines of the quoted mail, so it goes to the end.
                    break;
                }
                i += heading - 1;
            } else if (SEPARATOR.matcher(line).matches()
                    || SIGNATURE.matcher(line).matches()
                    || isBlockOfFields(i)) {
                break;
            } else {
                own.add(line);
            }
        }
        return own;
    }

    private boolean isMarked(int i) {
        return i >= 0 && i < lines.size() && lines.get(i).startsWith(">");
    }

    /** Also the rest of a quoted line that some program wrapped, which has no mark of its own. */
    private boolean isQuoted(int i) {
        return isMarked(i) || !lines.get(i).isEmpty() && isMarked(i - 1) && isMarked(i + 1);
    }

    /** The next line that is not empty. */
    private int written(int from) {
        int at = from;
        while (at < lines.size() && lines.get(at).isEmpty()) {
            at++;
        }
        return at;
    }

    /** Over how many lines a heading of a quote goes that begins here; 0 where none does. */
    private int headingAt(int i) {
        if (lines.get(i).isEmpty()) {
            return 0;
        }
        if (HEADING_BEFORE_A_QUOTE.matcher(lines.get(i)).matches() && isMarked(written(i + 1))) {
            return 1;
        }
        for (int count = 1; count <= WRAPPED && i + count <= lines.size(); count++) {
            int last = i + count - 1;
            if (lines.get(last).isEmpty() || isMarked(last)) {
                return 0;
            }
            if (isHeading(i, last)) {
                // What stands above a heading does not belong to it.
                return IntStream.rangeClosed(i + 1, last).anyMatch(from -> isHeading(from, last)) ? 0 : count;
            }
        }
        return 0;
    }

    private boolean isHeading(int first, int last) {
        String joined = String.join(" ", lines.subList(first, last + 1));
        List<Pattern> known = first == last ? HEADINGS : HEADINGS.subList(0, HEADINGS.size() - 1);
        return joined.length() <= LONGEST
                && known.stream().anyMatch(heading -> heading.matcher(joined).matches());
    }

    /** From:, Sent:, To:, Subject: as Outlook writes them above the mail that is answered. */
    private boolean isBlockOfFields(int i) {
        if (!FROM.matcher(lines.get(i)).matches()) {
            return false;
        }
        long fields = lines.subList(i + 1, Math.min(lines.size(), i + 8)).stream()
                .filter(line -> FIELD.matcher(line).matches())
                .limit(2)
                .count();
        return fields == 2;
    }
}

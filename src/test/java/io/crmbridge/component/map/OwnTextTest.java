package io.crmbridge.component.map;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a reply's sender wrote, and whether it says stop: the shapes that mail programs give to replies. */
class OwnTextTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Mappings SHIPPED = new Mappings(Path.of("mappings"));

    private static Arguments of(String shape, String body, String own) {
        return Arguments.of(shape, body, own);
    }

    static Stream<Arguments> plain() {
        return Stream.of(
                of("nothing else", "Yes, Tuesday is fine.", "Yes, Tuesday is fine."),
                of("no text", "", ""),
                of("blanks alone", " \n\n\t", ""),
                of("lines of Windows", "STOP\r\n\r\nJane\r\n", "STOP\n\nJane"),
                of(
                        "Gmail",
                        "STOP\n\nOn Mon, May 4, 2026 at 10:00 AM Acme <hi@acme.com> wrote:\n\n> Hello\n> STOP\n",
                        "STOP"),
                of(
                        "Gmail, wrapped",
                        "Stop\n\nOn Mon, May 4, 2026 at 10:00 AM A rather long name of someone <\nhi@acme.com> wrote:\n> Hi\n",
                        "Stop"),
                of(
                        "wrapped before the last word, unmarked quote",
                        "Fine\n\nOn Monday, 4 May 2026 at 10:00, Acme <hi@acme.com>\nwrote:\n\nHello Jane\nSTOP",
                        "Fine"),
                of(
                        "German",
                        "Abmelden\n\nAm Mo., 4. Mai 2026 um 10:00 Uhr schrieb Acme <hi@acme.com>:\n> Hallo",
                        "Abmelden"),
                of(
                        "German, wrapped",
                        "Nein\n\nAm 04.05.2026 um 10:00 schrieb\nAcme GmbH <hi@acme.com>:\n\nHallo\nSTOP",
                        "Nein"),
                of("French", "Oui\n\nLe lun. 4 mai 2026 à 10:00, Acme <hi@acme.com> a écrit :\n> STOP", "Oui"),
                of(
                        "Spanish",
                        "Baja\n\nEl lun, 4 may 2026 a las 10:00, Acme (<hi@acme.com>) escribió:\n\n> Hola",
                        "Baja"),
                of(
                        "Italian",
                        "Ok\n\nIl giorno lun 4 mag 2026 alle ore 10:00 Acme <hi@acme.com> ha scritto:\n> x",
                        "Ok"),
                of("Portuguese", "Ok\n\nEm seg., 4 de mai. de 2026 às 10:00, Acme <hi@acme.com> escreveu:\n> x", "Ok"),
                of("Dutch", "Afmelden\n\nOp ma 4 mei 2026 om 10:00 schreef Acme <hi@acme.com>:\n> x", "Afmelden"),
                of("Swedish", "Ja\n\nDen mån 4 maj 2026 kl 10:00 skrev Acme <hi@acme.com>:\n> x", "Ja"),
                of(
                        "a language of no list",
                        "Ano\n\npo 4. 5. 2026 v 10:00 odesílatel Acme <hi@acme.com> napsal:\nSTOP",
                        "Ano"),
                of(
                        "Outlook, a line of its own",
                        "Remove me\n\n-----Original Message-----\nFrom: Acme\nSent: Monday\nSubject: Hi\n\nSTOP",
                        "Remove me"),
                of("Outlook in German", "Gern\n\n-----Ursprüngliche Nachricht-----\nVon: Acme\n\nSTOP", "Gern"),
                of(
                        "Outlook, fields alone",
                        "OK\n\nFrom: Acme <hi@acme.com>\nSent: Monday, May 4, 2026 10:00 AM\nTo: Jane\nSubject: Hi\n\nSTOP",
                        "OK"),
                of(
                        "Outlook, a rule",
                        "OK\n\n________________________________\nVon: Acme\nGesendet: Montag\nAn: J\n\nSTOP",
                        "OK"),
                of("Outlook of a phone", "STOP\n\nGet Outlook for iOS<https://aka.ms/o0ukef>\nFrom: A\n", "STOP"),
                of(
                        "fields in bold",
                        "OK\n*From:* Acme <hi@acme.com>\n*Sent:* Monday\n*To:* J\n*Subject:* Hi\n\nSTOP",
                        "OK"),
                of("a signature", "Stop.\n\n-- \nJane Roe\nCEO", "Stop."),
                of(
                        "a phone's signature",
                        "No thanks\n\nSent from my iPhone\n\n> On May 4, 2026, Acme wrote:\n> STOP",
                        "No thanks"),
                of("below the quote", "> Hello Jane\n> STOP to leave\n\nSTOP\n", "STOP"),
                of(
                        "below a heading and its quote",
                        "On 4 May 2026, Acme wrote:\n> Hello\n\nunsubscribe",
                        "unsubscribe"),
                of("between quotes", "> First?\n\nYes.\n\n> Second?\n\nNo.", "Yes.\n\nNo."),
                of("a quote that was wrapped", "> Hello, you can answer\nSTOP\n> at any time\n", ""),
                of("quotes of quotes", "Sure\n\nOn 4 May 2026 Acme wrote:\n>> deep\n> STOP\n", "Sure"),
                of("a heading without a date", "Yes\n\nAcme wrote:\n\n> STOP\n", "Yes"),
                of(
                        "a sentence like a heading",
                        "On reflection this is what he wrote: nothing.",
                        "On reflection this is what he wrote: nothing."),
                of("a sentence that begins with On above a heading", "On it\nOn 4 May 2026, Acme wrote:\n> x", "On it"),
                of("a sentence that begins with From", "From: us to you,\nthanks", "From: us to you,\nthanks"),
                of(
                        "sentences like a phone's signature",
                        "Sent via post.\nGesendet von uns.",
                        "Sent via post.\nGesendet von uns."),
                of("a German phone", "STOP\n\nGesendet von meinem Telefon", "STOP"),
                of("tags in a plain text", "I like <b>\n\nSTOP\n> <div>Hello</div>", "I like <b>\n\nSTOP"),
                of("what cannot be seen", "\ufeffSTOP\u200b\u00a0\n", "STOP"),
                of(
                        "an address in angles",
                        "Write to <a@example.com> or <b@example.com>",
                        "Write to <a@example.com> or <b@example.com>"));
    }

    static Stream<Arguments> html() {
        return Stream.of(
                of("a paragraph", "<p>STOP</p>", "STOP"),
                of(
                        "Gmail",
                        "<div dir=\"ltr\">STOP</div><br><div class=\"gmail_quote\"><div dir=\"ltr\" class=\"gmail_attr\">On Mon, May 4,"
                                + " 2026 Acme wrote:<br></div><blockquote class=\"gmail_quote\"><div>Hello<div>STOP</div></div></blockquote></div>",
                        "STOP"),
                of(
                        "Gmail without quotes around the class",
                        "<div>Yes</div><div class=gmail_quote><div>x</div>STOP</div><div>P.S. Bye</div>",
                        "Yes\nP.S. Bye"),
                of(
                        "Apple Mail",
                        "<html><body>Remove me<br><div><br><blockquote type=\"cite\"><div>On 4 May 2026, Acme wrote:</div>STOP</blockquote></div></body></html>",
                        "Remove me"),
                of(
                        "Thunderbird, below",
                        "<div class=\"moz-cite-prefix\">On 5/4/26 10:00, Acme wrote:<br></div><blockquote type=\"cite\">Hi</blockquote><p>unsubscribe</p>",
                        "unsubscribe"),
                of(
                        "Outlook on the web",
                        "<div>Fine</div><div id=\"appendonsend\"></div><hr><div id=\"divRplyFwdMsg\"><b>From:</b> Acme</div><div>STOP</div>",
                        "Fine"),
                of(
                        "Outlook on a desk",
                        "<html><head><style>p{margin:0}</style></head><body><p class=MsoNormal>Stop<o:p></o:p></p><p>&nbsp;</p><div><p"
                                + " class=MsoNormal><b>From:</b> Acme &lt;hi@acme.com&gt;<br><b>Sent:</b> Monday<br><b>To:</b> Jane<br>"
                                + "<b>Subject:</b> Hi</p></div><p>STOP</p></body></html>",
                        "Stop"),
                of(
                        "Yahoo",
                        "<div>No</div><div id=\"ydp1yahoo_quoted_1\" class=\"yahoo_quoted\"><div>STOP</div></div>",
                        "No"),
                of(
                        "Proton",
                        "<div>No</div><div class=\"protonmail_quote\">On x wrote:<blockquote>STOP</blockquote></div>",
                        "No"),
                of("a quote that is not closed", "<div>No</div><blockquote><div>STOP", "No"),
                of(
                        "entities",
                        "<p>Gr&uuml;&szlig;e &amp; bye&hellip; &#8364;5 &#x1F600; &unknown;</p>",
                        "Grüße & bye… €5 😀 &unknown;"),
                of(
                        "what is not seen",
                        "<head><title>T</title></head><p style=\"display:none\">Hi</p><script>x<1</script>Yes<!-- STOP -->",
                        "Yes"),
                of("line breaks of the source", "<p>one\n   two</p>\n<p>three</p>", "one two\nthree"),
                of("a table", "<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
                of("a value with an angle", "<a title=\"a > b\" href='x'>STOP</a>", "STOP"),
                of("no tags at all where there should be", "1 < 2<br>and 3 > 2", "1 < 2\nand 3 > 2"),
                of("plain marks within HTML", "<pre>OK\n&gt; STOP\n</pre>", "OK"),
                of("a signature", "<div>STOP</div><div>--&nbsp;</div><div>Jane</div>", "STOP"));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource({"plain", "html"})
    void the_senders_own_text_is_what_is_left(String shape, String body, String own) {
        assertThat(OwnText.of(body)).isEqualTo(own);
    }

    private static JsonNode reply(String body) {
        ObjectNode reply = JSON.createObjectNode().put("id", "r1").put("contactId", "c1");
        reply.put("subject", "Re").put("body", body);
        Map<String, JsonNode> variables =
                Map.of("CamelCrmSequence", JSON.getNodeFactory().textNode("s1"));
        return SHIPPED.get("reply").expression().apply(variables, reply);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "STOP",
                "stop.",
                "  Stop!!  ",
                "\"Unsubscribe\"",
                "UNSUBSCRIBE ME, please",
                "Please remove me",
                "remove me from this list.\n\nJane",
                "opt-out",
                "Bitte abmelden!",
                "Abmelden bitte",
                "Désinscription",
                "Désabonnez-moi, s'il vous plaît",
                "Baja",
                "Descadastrar",
                "Cancellami",
                "Uitschrijven",
                "<div>STOP</div><div class=\"gmail_quote\">On 4 May 2026 Acme wrote: Hello</div>",
                "\n\nStop\n\nOn 4 May 2026, Acme wrote:\n> Hello",
                "> Reply STOP to leave\n\nstop"
            })
    void who_says_stop_and_nothing_else_in_the_first_line_asks_to_stop(String body) {
        assertThat(reply(body).get("stop").asBoolean()).as(body).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Please don't stop",
                "Do not stop",
                "Stop by on Monday",
                "Non-stop",
                "Can you remove me from the invoice?",
                "How do I unsubscribe?",
                "I will stop.",
                "",
                "?",
                "Yes\n\nSTOP",
                "Yes\n\n> STOP",
                "> STOP",
                "On 4 May 2026, Acme wrote:\n\nSTOP",
                "<blockquote>STOP</blockquote>",
                "<div>Great, thanks</div><div class=\"gmail_quote\"><div>STOP</div></div>",
                "-----Original Message-----\nSTOP",
                "-- \nSTOP"
            })
    void another_word_beside_it_and_what_is_quoted_do_not_count(String body) {
        assertThat(reply(body).get("stop").asBoolean()).as(body).isFalse();
    }

    @Test
    void a_reply_keeps_all_that_it_has_and_gets_its_own_text() {
        JsonNode reply = reply("<p>Fine, thanks</p><p>Jane</p>");

        assertThat(JSON.convertValue(reply, Map.class))
                .containsEntry("id", "r1")
                .containsEntry("contactId", "c1")
                .containsEntry("subject", "Re")
                .containsEntry("body", "<p>Fine, thanks</p><p>Jane</p>")
                .containsEntry("text", "Fine, thanks\nJane")
                .containsEntry("firstLine", "Fine, thanks")
                .containsEntry("sequenceId", "s1")
                .containsEntry("stop", false);
    }

    @Test
    void a_reply_without_a_body_says_nothing() {
        JsonNode reply = SHIPPED.get("reply")
                .expression()
                .apply(
                        Map.of("CamelCrmSequence", JSON.nullNode()),
                        JSON.createObjectNode().put("id", "r1"));

        assertThat(reply.get("stop").asBoolean()).isFalse();
        assertThat(reply.get("firstLine").asText()).isEmpty();
    }

    @Test
    void a_mail_that_is_large_and_hostile_is_read_in_no_time() {
        String quotes = "<a " + "\"'".repeat(200_000);
        String open = "<div class=\"x\">".repeat(50_000) + "<".repeat(200_000);
        String dates = "On 1 ".repeat(100_000) + "\n".repeat(1_000) + "On 1\n".repeat(20_000);

        assertThat(Duration.ofNanos(time(() -> OwnText.of("<p>x</p>" + quotes + open)) + time(() -> OwnText.of(dates))))
                .isLessThan(Duration.ofSeconds(3));
    }

    private static long time(Runnable work) {
        long begun = System.nanoTime();
        work.run();
        return System.nanoTime() - begun;
    }
}

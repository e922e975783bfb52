package io.crmbridge.component;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MailHtmlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>",
                " \n<!DOCTYPE html><html><body>Hi",
                "<span>Hi</span>",
                "Hi<br>there",
                "Hi<br/>",
                "one\n<div class=\"x\">two</div>",
                "<!-- x --><p>Hi",
                "</div>"
            })
    void tags_make_html(String body) {
        assertThat(MailHtml.isHtml(body)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "I <3 it",
                "<3",
                "a < b and c > d",
                "a <b> c",
                "<ann@example.com>",
                "Ann <ann@example.com>\n<https://example.com/p>",
                "<https://example.com/?a=b> <br",
                "> <div>quoted</div>",
                "ok\n \t> <p>quoted</p>"
            })
    void marks_of_a_plain_text_make_none(String body) {
        assertThat(MailHtml.isHtml(body)).isFalse();
    }

    @Test
    void the_whole_text_has_what_is_quoted_and_signed() {
        String html = "<p>Yes</p><div class='gmail_quote'>On Monday<blockquote>Really?</blockquote></div>"
                + "<div class='moz-signature'>Ann</div><div id='divRplyFwdMsg'>From: Ben</div>Hi<script>x</script>";

        assertThat(MailHtml.text(html)).isEqualTo("Yes\nOn Monday\nReally?\nAnn\nFrom: Ben\nHi");
        assertThat(MailHtml.ownText(html)).isEqualTo("Yes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a<p>b</p>c|a/b/c",
                "a<br><br>b|a//b",
                "a<br><br><br><br><br>b|a//b",
                "<div><div>a</div></div><div>b<br></div><div>c</div>|a/b/c",
                "a <b> b</b>  c|a b c",
                "<pre>a#b  c</pre>d#e|a/b  c/d e",
                "I <del>will</del> <ins>must</ins> go|I will must go",
                "a<script>x</script>b<style>y</style><title>z</title>c|abc",
                "a<span style='Display : none'>b</span><i hidden>c</i>d|ad",
                "a<blockquote>b</blockquote>c|a/c",
                "a<table><blockquote>b</blockquote><tr><td>c<td>d</table>e|a/c d/e",
                "a<div id=x_x_appendonsend></div>b|a",
                "a<div class=x_gmail_quote>b</div><p id='ydp_yahoo_quoted_1'>c</p>d|a/d",
                "<p>a&nbsp;</p><p>&nbsp;</p><p>b</p>|a//b"
            })
    void own_lines_are_kept(String html, String lines) {
        assertThat(MailHtml.ownText(html.replace('#', '\n'))).isEqualTo(lines.replace('/', '\n'));
    }

    @Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
    @ParameterizedTest
    @ValueSource(
            strings = {
                "<div>",
                "<ul><li>",
                "<table><tr><td>",
                "<b><p>x",
                "<svg></q>",
                "<style></style>",
                "<blockquote></blockquote>",
                "<pre> ",
                "x<br>",
                "\n",
                "<p ",
                "<"
            })
    void hostile_nesting_is_read_in_time(String piece) {
        String html = piece.repeat((1 << 20) / piece.length());
        String deep = "<svg>".repeat(50_000) + "</q>".repeat(50_000) + "<p id=" + "x_".repeat(100_000) + ">";

        MailHtml.isHtml(html);
        MailHtml.text(html);
        MailHtml.ownText(html + deep);
    }
}

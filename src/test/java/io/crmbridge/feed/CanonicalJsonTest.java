package io.crmbridge.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.NotEmpty;
import org.erdtman.jcs.JsonCanonicalizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CanonicalJsonTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"b\":1,\"a\":{\"d\":[3,2,{\"z\":null,\"y\":true}],\"c\":false}}",
                "{\"numbers\":[333333333.33333329,1E30,4.50,2e-3,0.000000000000000000000000001,-0,-0.0,1.0,9007199254740993]}",
                "{\"text\":\"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\\b\\f\\r\\t\\u007f\"}",
                "{\"\\u20ac\":1,\"\\r\":2,\"\\ufb33\":3,\"1\":4,\"\\ud83d\\ude00\":5,\"\\u0080\":6,\"\\u00f6\":7}",
                "[]",
                "{}"
            })
    void is_what_the_library_makes_of_the_text(String json) throws IOException {
        assertThat(canonical(json)).isEqualTo(new JsonCanonicalizer(json).getEncodedString());
    }

    @Property(tries = 300)
    void is_what_the_library_makes_of_any_text_and_number(
            @ForAll @NotEmpty String name, @ForAll String text, @ForAll double number, @ForAll long whole)
            throws IOException {
        ObjectNode tree = JSON.createObjectNode();
        tree.put("text", clean(text)).put(clean(name), number).put("whole", whole);
        ArrayNode list = tree.putArray("list");
        list.add(whole % 1000).add(clean(name));
        String json = JSON.writeValueAsString(tree);
        assertThat(canonical(json)).isEqualTo(new JsonCanonicalizer(json).getEncodedString());
    }

    @Test
    void leaves_out_what_is_ignored_at_the_top_only() throws IOException {
        byte[] canonical = CanonicalJson.of(JSON.readTree("{\"b\":{\"a\":1},\"a\":2}"), Set.of("a"));
        assertThat(new String(canonical, StandardCharsets.UTF_8)).isEqualTo("{\"b\":{\"a\":1}}");
    }

    private static String canonical(String json) throws IOException {
        return new String(CanonicalJson.of(JSON.readTree(json), Set.of()), StandardCharsets.UTF_8);
    }

    /** No lone surrogates: they are no Unicode text. */
    private static String clean(String text) {
        return text.replaceAll("[\\ud800-\\udfff]", "?");
    }
}

package io.crmbridge.component.map;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.schibsted.spt.data.jslt.Function;
import java.util.List;

/** What mappings can ask of a mail beside JSLT's own functions. */
final class MailFunctions {
    static final List<Function> ALL = List.of(new OwnTextFunction());

    private MailFunctions() {}

    /** {@code own-text(.body)}: what the sender wrote; empty for what is no text. */
    private static final class OwnTextFunction implements Function {
        @Override
        public String getName() {
            return "own-text";
        }

        @Override
        public int getMinArguments() {
            return 1;
        }

        @Override
        public int getMaxArguments() {
            return 1;
        }

        @Override
        public JsonNode call(JsonNode input, JsonNode[] arguments) {
            return TextNode.valueOf(OwnText.of(arguments[0].asText("")));
        }
    }
}

package io.crmbridge.sandbox;

import java.util.Map;

/** The stages of one pipeline in their order, id to name. */
record Pipeline(Map<String, String> stages) {
    String firstId() {
        return stages.keySet().iterator().next();
    }

    String idOf(String name) {
        for (Map.Entry<String, String> stage : stages.entrySet()) {
            if (stage.getValue().equals(name)) {
                return stage.getKey();
            }
        }
        throw new IllegalArgumentException(
                "There is no stage '%s': it is one of %s.".formatted(name, String.join(", ", stages.values())));
    }
}

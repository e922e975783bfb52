package io.crmbridge.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.crmbridge.bundle.deploy.DeployAnswer;
import io.crmbridge.bundle.deploy.Deployer;
import io.crmbridge.state.DataFolder;
import java.nio.file.Path;
import java.util.OptionalLong;

/** Does in a running bridge what commands ask about deployments in its data folder. */
record AskedDeployments(Path data, Deployer deployer) {
    static final String DEPLOY = "deploy";
    static final String ROLLBACK = "rollback";
    /** SHA-256 of the deployed bundle that runs, or nothing. */
    static final String RUNS = "deployed";

    private static final ObjectMapper JSON = new ObjectMapper();

    /**
     * The argument of each command, as JSON.
     *
     * @param holder of the data folder: bridges that share a database have one each, and any of them may get the command
     * @param sha256 of what was kept to be deployed; null where nothing is
     * @param to number of a deployment; null for the one before the current one
     */
    record Asked(String holder, String sha256, Long to, String who) {
        String json() {
            try {
                return JSON.writeValueAsString(this);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException("texts and numbers can be written", e);
            }
        }
    }

    String carryOut(String name, String argument) throws JsonProcessingException {
        Asked asked = JSON.readValue(argument, Asked.class);
        boolean mine = asked.holder().equals(DataFolder.holder(data));
        return switch (name) {
            case RUNS -> mine ? deployer.runs().orElse("") : "";
            case DEPLOY -> (mine ? deployer.deployKept(asked.sha256(), asked.who()) : ofAnother()).json();
            default -> (mine ? deployer.rollback(to(asked), asked.who()) : ofAnother()).json();
        };
    }

    private static OptionalLong to(Asked asked) {
        return asked.to() == null ? OptionalLong.empty() : OptionalLong.of(asked.to());
    }

    private static DeployAnswer ofAnother() {
        return DeployAnswer.refused(
                "the bridge on this data folder stands by, and the one that is active has another data folder: deploy there,"
                        + " and here while the one that stands by is stopped");
    }
}

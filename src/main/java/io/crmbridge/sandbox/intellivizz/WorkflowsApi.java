package io.crmbridge.sandbox.intellivizz;

import java.util.Map;

/** Workflows, which run for a contact. */
final class WorkflowsApi {
    private static final String READ = "workflows.read";

    void addTo(Endpoints endpoints) {
        endpoints.post("/contacts/{contact}/workflow/{workflow}", "workflows.write", call -> {
            Call.Found contact = call.find(Resource.CONTACTS, call.path("contact"));
            Call.Found workflow = call.find(Resource.WORKFLOWS, call.path("workflow"));
            contact.records()
                    .create(
                            Resource.WORKFLOW_RUNS,
                            Defaults.of(
                                    Resource.WORKFLOW_RUNS,
                                    Map.of(
                                            "workflowId",
                                            workflow.row().id(),
                                            "contactId",
                                            contact.row().id()),
                                    contact.records()));
            call.succeeded();
        });
        endpoints.get("/workflows/", READ, call -> {
            Slice workflows = call.read(call.locationInQuery(), Ask.of(Resource.WORKFLOWS));
            call.list("workflows", workflows.fields(), Map.of());
        });
        endpoints.get("/workflows/runs", READ, call -> Changes.since(call, Resource.WORKFLOW_RUNS, "runs"));
    }
}

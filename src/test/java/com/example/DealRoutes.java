package com.example;

import org.apache.camel.builder.RouteBuilder;

/** Routes as somebody writes them who knows CRM Bridge from its documentation. */
public class DealRoutes extends RouteBuilder {
    @Override
    public void configure() {
        from("impactiveai:deals?delay={{poll.delay}}")
                .routeId("won-deals")
                .filter(simple("${body[stageName]} == 'Won'"))
                .to("map:deal-to-erp")
                .to("hook:erp");

        from("impactiveai:companies?delay=5m&startFrom=mirror")
                .routeId("companies")
                .setHeader("subject", simple("A company: ${body[name]}"))
                .setBody(simple("${body[name]}"))
                .to("smtp:office?subject=RAW(${header.subject})");

        from("inbox:signups")
                .routeId("signups")
                .to("impactiveai:contacts?operation=create")
                .to("export:signups.csv?columns=id");

        from("quartz:count?cron=0+0+7+?+*+*")
                .routeId("count")
                .to("impactiveai:deals?operation=snapshot")
                .to("mock:count");
    }
}

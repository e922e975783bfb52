package io.crmbridge.bundle;

import java.util.Locale;

/** Kinds of what can be found wrong with a bundle. A kind's id is stable: editors and scripts may rely on it. */
public enum Code {
    YAML_SYNTAX("The file is no YAML. Look at the indentation, quotes and colons of that line and of the one above."),
    DUPLICATE_KEY("One key stands twice in a map or a properties file. Leave one of them out."),
    UNKNOWN_STEP("There is no such step. Write the nearest word that the message names."),
    UNKNOWN_KEY("A step or a route knows no such key. Options of an address go under `parameters:`."),
    WRONG_TYPE("A value is of another kind: a list, a map, a number, true or false. Write it as the message says."),
    MISSING_KEY("Something that must be said is not, for example a route's `from:` or its `steps:`."),
    NO_STEPS(
            "A filter, a split or the like has no steps in it, and swallows what follows it. Put the steps under its `steps:`."),
    COMPACT_NOTATION("Works, and Camel warns of it at each start. Write it in full, as the shipped routes do."),
    NOT_LOADED("Camel cannot make a route of it, for a reason that it names itself."),
    UNKNOWN_COMPONENT("There is no such component. Write the nearest word, or put its jar into lib/."),
    UNKNOWN_OPTION("The component has no such option. Write the nearest word; docs/components.md lists them."),
    WRONG_OPTION("An option's value is none that it can have."),
    MISSING_OPTION("The component needs an option that is not there."),
    UNKNOWN_WORD("There is no such resource, operation or choice. Write the nearest word."),
    WRONG_SCHEDULE("A cron expression is none, never fires, or its time zone does not exist."),
    UNSET_PROPERTY(
            "A `{{name}}` has neither a value in application.properties nor a default. Set it, or write `{{name:default}}`."),
    UNKNOWN_CONNECTION("No connection of that name and type is configured."),
    WRONG_ACCOUNT("What is asked for needs another key: an agency's, or that of a location."),
    DUPLICATE_ID("Two routes or two steps have one id. Ids are unique over all files of a bundle."),
    MISSING_ID("What is kept for a route or a step is kept under its id. Give it one."),
    MISSING_FILE(
            "A mapping, a template or a leads file is not there. Names are written as the file is, small and capital letters too."),
    MAPPING("A mapping is no JSLT."),
    TEMPLATE("A template is no mustache, or includes what is not there."),
    SCHEMA("A file in schemas/ is no JSON Schema."),
    LEAD_FILE("A file in leads/ says what cannot be."),
    EXPRESSION("An expression cannot be read. Simple expressions are written `${body[field]} == 'text'`."),
    UNKNOWN_LANGUAGE(
            "There is no such expression language. `simple`, `constant`, `header` and `exchangeProperty` are there."),
    UNKNOWN_HEADER("Nothing sets a header of this name, so that it is always empty. Write the nearest one."),
    UNKNOWN_BEAN("There is no bean of this name. Declare it under `beans:`, or correct the name."),
    UNKNOWN_CLASS("There is no such class. Write its full name, and put its jar into lib/."),
    UNKNOWN_FIELD("No record of the feed has such a field, as far as its records or the CRM's document tell."),
    UNKNOWN_PROPERTY("There is no such `bridge.*` key. docs/configuration.md lists them."),
    WRONG_PROPERTY("A `bridge.*` key has a value that it cannot have, or cannot be combined with another."),
    UNUSED_PROPERTY("Keys are for a route, a hook, an inbox, a mail server or a database that no route names."),
    EARLY_END(
            "A step ends a change before the work is done, so that it could be lost. Use `batchSize` on the source, or an inbox."),
    REDELIVERY("Camel's own redelivery holds up a lane. Use `retry.attempts` and `retry.delay` on the source."),
    HANDLED_EXCEPTION("A failure that is handled counts as done: nothing is tried again, and there is no dead letter."),
    NO_ROUTE("A step hands over to a route that is not there."),
    UNCALLED_ROUTE("No step hands over to this route."),
    UNREAD_INBOX("Routes fill an inbox that none reads."),
    PLAIN_SECRET("A secret stands in a file that gets copied and shared. Put it into the environment: `{{env:NAME}}`."),
    PLAIN_HTTP("Credentials or signed records go over the network in the clear. Write https."),
    OVER_QUOTA("Polling alone needs more calls than the key may make. Lengthen `delay`, or poll fewer feeds."),
    SHARED_FILE("Two steps write one file. Give each its own, or let one route do it."),
    SHARED_SUBSCRIPTION("Two routes share one place in the log, so that each gets only a part. Give each its own."),
    PLAIN_INSERT("A row may be written twice. Write an upsert on the key."),
    NO_DATA_SOURCE("A `sql:` has no database. Set `bridge.datasource.<name>.url`, or name one with `dataSource`."),
    NO_SEQUENCE("Nothing says which sequence people are enrolled into."),
    MAIL_UNMAPPED("Camel fetches attachments, and one broken mail stops the others. Set `mapMailMessage: false`."),
    NOT_A_JAR("A file in lib/ is no jar, or not whole. Copy it again."),
    JAVA_ROUTE("A class that makes routes is not there, does not compile, or makes none."),
    NO_BUNDLE("The folder is no bundle: it has no application.properties.");

    private final String advice;

    Code(String advice) {
        this.advice = advice;
    }

    /** For example {@code unknown-option}. */
    public String id() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What it means, and what to do. */
    public String advice() {
        return advice;
    }
}

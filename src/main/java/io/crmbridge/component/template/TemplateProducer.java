package io.crmbridge.component.template;

import com.fasterxml.jackson.databind.JsonNode;
import com.samskivert.mustache.Mustache.CustomContext;
import com.samskivert.mustache.MustacheException;
import io.crmbridge.component.CrmConstants;
import io.crmbridge.component.CrmRecord;
import io.crmbridge.component.TargetException;
import io.crmbridge.feed.Outcome;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import org.apache.camel.Exchange;
import org.apache.camel.Message;
import org.apache.camel.component.mail.MailConstants;
import org.apache.camel.support.DefaultProducer;

final class TemplateProducer extends DefaultProducer {
    private final TemplateEndpoint endpoint;
    private final Templates.Template template;

    TemplateProducer(TemplateEndpoint endpoint, Templates.Template template) {
        super(endpoint);
        this.endpoint = endpoint;
        this.template = template;
    }

    @Override
    public void process(Exchange exchange) throws Exception {
        Message message = exchange.getMessage();
        Object model = model(message.getBody());
        CustomContext variables = name -> variable(exchange, model, name);
        Optional<String> subject;
        Optional<String> html;
        Optional<String> text;
        try {
            subject = template.subject().map(part -> part.render(model, variables));
            html = template.html().map(part -> part.render(model, variables));
            text = template.text().map(part -> part.render(model, variables));
        } catch (MustacheException e) {
            // The exception may quote the record.
            String reason = "template %s failed (%s)"
                    .formatted(endpoint.getName(), e.getClass().getSimpleName());
            throw new TargetException(new Outcome.Permanent(reason), reason, null);
        }
        message.setBody(html.or(() -> text).orElseThrow());
        message.setHeader(
                Exchange.CONTENT_TYPE, html.isPresent() ? "text/html; charset=UTF-8" : "text/plain; charset=UTF-8");
        header(message, CrmConstants.SUBJECT, subject.map(TemplateProducer::oneLine));
        header(message, MailConstants.MAIL_ALTERNATIVE_BODY, html.isPresent() ? text : Optional.empty());
    }

    /** What an earlier template left is not of this one. */
    private static void header(Message message, String name, Optional<String> value) {
        value.ifPresentOrElse(text -> message.setHeader(name, text), () -> message.removeHeader(name));
    }

    /** A line break would end the header field, and what follows would be another one. */
    private static String oneLine(String text) {
        return text.replaceAll("[\\p{Cc}\\u2028\\u2029]+", " ").strip();
    }

    private static Object model(Object body) {
        if (body == null) {
            return Map.of();
        }
        return body instanceof JsonNode tree ? CrmRecord.ofTree(tree) : body;
    }

    /** What the body has no field for: a header, an exchange property, or {@code body} itself. */
    private static Object variable(Exchange exchange, Object model, String name) {
        if (name.equals("body")) {
            return model;
        }
        Object value = exchange.getMessage().getHeader(name);
        if (value == null) {
            value = exchange.getProperty(name);
        }
        boolean shown = value instanceof String
                || value instanceof Boolean
                || value instanceof Number
                || value instanceof Collection<?>
                || value instanceof Map<?, ?>;
        return shown ? value : value instanceof JsonNode tree ? CrmRecord.ofTree(tree) : null;
    }
}

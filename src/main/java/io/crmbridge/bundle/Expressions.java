package io.crmbridge.bundle;

import java.util.ArrayList;
import java.util.List;
import org.apache.camel.model.AggregateDefinition;
import org.apache.camel.model.ChoiceDefinition;
import org.apache.camel.model.ExpressionNode;
import org.apache.camel.model.ExpressionSubElementDefinition;
import org.apache.camel.model.FilterDefinition;
import org.apache.camel.model.LogDefinition;
import org.apache.camel.model.ProcessorDefinition;
import org.apache.camel.model.SetHeadersDefinition;
import org.apache.camel.model.ToDynamicDefinition;
import org.apache.camel.model.ValidateDefinition;
import org.apache.camel.model.language.ExpressionDefinition;

/** Expressions that a step has itself; those of the steps in it are theirs. */
final class Expressions {

    /**
     * @param line where what has it begins
     * @param predicate whether it is asked for true or false
     */
    record Expr(int line, String language, String text, boolean predicate) {}

    private Expressions() {}

    static List<Expr> of(ProcessorDefinition<?> step) {
        List<Expr> found = new ArrayList<>();
        int line = step.getLineNumber();
        if (step instanceof ChoiceDefinition choice) {
            choice.getWhenClauses().forEach(when -> add(found, when.getLineNumber(), when.getExpression(), true));
        } else if (step instanceof ExpressionNode node) {
            add(
                    found,
                    line,
                    node.getExpression(),
                    step instanceof FilterDefinition || step instanceof ValidateDefinition);
        }
        if (step instanceof AggregateDefinition aggregate) {
            add(found, line, aggregate.getCorrelationExpression());
            add(found, line, aggregate.getCompletionPredicate());
        } else if (step instanceof SetHeadersDefinition headers && headers.getHeaders() != null) {
            headers.getHeaders().forEach(header -> add(found, line, header.getExpression(), false));
        } else if (step instanceof LogDefinition log && log.getMessage() != null) {
            found.add(new Expr(line, "simple", log.getMessage(), false));
        } else if (step instanceof ToDynamicDefinition dynamic && dynamic.getUri() != null) {
            found.add(new Expr(line, "simple", dynamic.getUri(), false));
        }
        return found;
    }

    private static void add(List<Expr> found, int line, ExpressionSubElementDefinition clause) {
        if (clause != null) {
            add(found, line, clause.getExpressionType(), false);
        }
    }

    private static void add(List<Expr> found, int line, ExpressionDefinition given, boolean predicate) {
        if (given != null && given.getExpression() != null && given.getLanguage() != null) {
            found.add(new Expr(line, given.getLanguage(), given.getExpression(), predicate));
        }
    }
}

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import software.amazon.event.ruler.JsonRuleCompiler;
import software.amazon.event.ruler.Machine;

/**
 * Matches each pattern with each event: {@code java -cp 'lib/*' EventRuler.java}.
 *
 * <p>Standard input: {@code {"patterns": [text, …], "events": [text, …]}}, each text being JSON. Standard output: an
 * array with an object per pattern, {@code {"error": reason}} or {@code {"matches": [true, false, …]}}.
 */
public final class EventRuler {

    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode given = json.readTree(System.in);
        ArrayNode verdicts = json.createArrayNode();
        for (JsonNode pattern : given.get("patterns")) {
            judge(pattern.textValue(), given.get("events"), verdicts.addObject());
        }
        System.out.write(json.writeValueAsBytes(verdicts));
        System.out.flush();
    }

    private static void judge(String pattern, JsonNode events, ObjectNode verdict) throws Exception {
        // Not RuleCompiler: it does not know $or, and takes patterns that EventBridge refuses.
        String error = JsonRuleCompiler.check(pattern);
        if (error != null) {
            verdict.put("error", error);
            return;
        }
        Machine machine = new Machine();
        for (var alternative : JsonRuleCompiler.compile(pattern)) {
            machine.addPatternRule("rule", alternative);
        }
        ArrayNode matches = verdict.putArray("matches");
        for (JsonNode event : events) {
            matches.add(!machine.rulesForJSONEvent(event.textValue()).isEmpty());
        }
    }
}

package io.crmbridge.lead;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the fields of a lead. */
class LeadReaderTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static Map<String, Object> read(Map<String, Object> entry) {
        return new LeadReader(LeadRules.NONE).read(entry).toMap();
    }

    @Test
    void fields_are_known_by_many_names_and_what_is_not_known_is_kept() {
        Map<String, Object> entry = new LinkedHashMap<>();
        entry.put("E-Mail Address", " Ann@Example.COM ");
        entry.put("first_name", "Ann");
        entry.put("Surname", " Lee ");
        entry.put("Telephone", "(415) 555-2671");
        entry.put("job title", "CFO");
        entry.put("Company Name", "Acme");
        entry.put("utm_source", "ads");
        entry.put("Country", "United States");
        entry.put("opt-in", "on");
        entry.put("tags", "a, b,a");
        entry.put("utm_campaign", "may");
        entry.put("message", "Call me");
        entry.put("empty", "  ");

        assertThat(read(entry))
                .isEqualTo(Map.ofEntries(
                        Map.entry("email", "ann@example.com"),
                        Map.entry("firstName", "Ann"),
                        Map.entry("lastName", "Lee"),
                        Map.entry("phone", "+14155552671"),
                        Map.entry("title", "CFO"),
                        Map.entry("company", "Acme"),
                        Map.entry("source", "ads"),
                        Map.entry("country", "US"),
                        Map.entry("consent", true),
                        Map.entry("tags", List.of("a", "b")),
                        Map.entry("custom", Map.of("utm_campaign", "may", "message", "Call me"))));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Ann Lee                 | Ann       | Lee
                    Lee, Ann                | Ann       | Lee
                    Ann                     | Ann       |
                    Ann  Marie   Lee        | Ann Marie | Lee
                    Ludwig van Beethoven    | Ludwig    | van Beethoven
                    Juan de la Cruz         | Juan      | de la Cruz
                    Ann B. Lee Jr.          | Ann B.    | Lee Jr.
                    Ann Lee, PhD            | Ann       | Lee, PhD
                    Sammy Davis III         | Sammy     | Davis III
                    """)
    void a_full_name_is_split(String full, String first, String last) {
        PersonName name = PersonName.split(full);

        assertThat(name.first()).isEqualTo(first);
        assertThat(name.last()).isEqualTo(last == null ? "" : last);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    +49 30 123456        |    | +4930123456
                    030 123456           | DE | +4930123456
                    0044 20 7946 0958    | DE | +442079460958
                    (415) 555-2671       | US | +14155552671
                    415-555-2671         |    | 415-555-2671
                    call me              | US | call me
                    12                   | US | 12
                    """)
    void a_phone_that_exists_is_told_by_e164_and_any_other_stays(String text, String region, String told) {
        assertThat(Phones.normal(text, Optional.ofNullable(region))).isEqualTo(told);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    Ann@Example.COM          | ann@example.com
                    mailto:ann@example.com   | ann@example.com
                    ann.lee+x@mail.example.co.uk | ann.lee+x@mail.example.co.uk
                    ann@example              |
                    ann@@example.com         |
                    ann lee@example.com      |
                    a@x.com, b@x.com         |
                    Ann <ann@example.com>    |
                    @example.com             |
                    ann@example..com         |
                    """)
    void an_address_is_one_or_none(String text, String told) {
        assertThat(EmailAddress.normal(text)).isEqualTo(Optional.ofNullable(told));
    }

    @Test
    void a_lead_without_an_address_is_refused_without_telling_its_data() {
        assertThatThrownBy(() -> read(Map.of("name", "Ann Secret")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the lead has no field with an e-mail address");
        assertThatThrownBy(() -> read(Map.of("email", "ann at secret")))
                .hasMessage("what the lead has for an e-mail address is none")
                .message()
                .doesNotContain("secret");
    }

    @Test
    void a_contact_that_is_made_has_names_and_one_that_is_known_gets_none_that_were_guessed() throws Exception {
        ContactFields fields = ContactFields.of((ObjectNode) JSON.readTree("""
                {"email":" Ann.Lee@Example.com","phone":"","title":null,"country":"DE","custom":{"a":1},"companyId":"c1"}
                """));

        assertThat(fields.ofKnown()).isEqualTo(JSON.readTree("""
                {"email":"ann.lee@example.com","companyId":"c1"}
                """));
        assertThat(fields.ofNew()).isEqualTo(JSON.readTree("""
                {"email":"ann.lee@example.com","companyId":"c1","firstName":"Ann","lastName":"Lee"}
                """));
        assertThat(fields.lead()).isEqualTo(JSON.readTree("""
                {"country":"DE","custom":{"a":1}}
                """));
        assertThat(ContactFields.of((ObjectNode) JSON.readTree("{\"email\":\"info@example.com\",\"name\":\"Ann\"}"))
                        .ofNew())
                .isEqualTo(JSON.readTree("{\"email\":\"info@example.com\",\"firstName\":\"Ann\",\"lastName\":\"-\"}"));
    }
}

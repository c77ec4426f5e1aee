package io.caravan.launch;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * The record of what {@code setup} has written, for its undoing.
 *
 * @param before the text before; null if there was no file
 * @param after the text after
 * @param members the members that it has set
 * @param made the names of objects that it had to make
 */
record SetupRecord(String before, String after, List<Member> members, List<String> made) {
  private static final ObjectMapper JSON = new ObjectMapper();

  /**
   * A member that was set.
   *
   * @param value its JSON
   * @param previous the JSON that was there before; null for none
   */
  record Member(String object, String name, String value, String previous) {}

  static SetupRecord of(byte[] json) throws IOException {
    return JSON.readValue(json, SetupRecord.class);
  }

  byte[] json() throws IOException {
    return JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(this);
  }

  /**
   * Sets variables in a text.
   *
   * @param edits the text before, which is changed
   * @param before the text before; null if there was no file
   * @param values the JSON of each member, by its object and its name
   */
  static SetupRecord write(JsonEdits edits, String before, Map<List<String>, String> values) {
    List<Member> members = new ArrayList<>();
    List<String> made = new ArrayList<>();
    for (Map.Entry<List<String>, String> each : values.entrySet()) {
      String object = each.getKey().get(0);
      String name = each.getKey().get(1);
      members.add(new Member(object, name, each.getValue(), edits.get(object, name)));
      if (edits.set(each.getValue(), object, name)) {
        made.add(object);
      }
    }
    return new SetupRecord(before, edits.text(), members, made);
  }

  /** Returns whether a text is exactly what was written. */
  boolean isUntouched(String text) {
    return after.equals(text);
  }

  /**
   * Takes out of a text that a user has edited what was written and still has its value.
   *
   * @return the names of the members that have another value now, and stay
   */
  List<String> takeOut(JsonEdits edits) {
    List<String> stay = new ArrayList<>();
    List<Member> last = new ArrayList<>(members);
    Collections.reverse(last);
    for (Member member : last) {
      String now = edits.get(member.object(), member.name());
      if (member.value().equals(now)) {
        if (member.previous() == null) {
          edits.remove(member.object(), member.name());
        } else {
          edits.set(member.previous(), member.object(), member.name());
        }
      } else if (now != null) {
        stay.add(member.object() + "." + member.name());
      }
    }
    for (String object : made) {
      if (edits.isEmptyObject(object)) {
        edits.remove(object);
      }
    }
    return stay;
  }
}

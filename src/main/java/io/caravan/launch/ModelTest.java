package io.caravan.launch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;

/**
 * One short call to the model, before Claude Code makes its own: it would repeat a call that can't
 * work for minutes without a word.
 *
 * @param works true unless the call has failed in a way that will last
 * @param words the failure in plain words; empty if there is none
 */
record ModelTest(boolean works, String words) {
  private static final int LONGEST_MILLIS = 15_000;
  private static final int TOO_MANY = 429;
  private static final ObjectMapper JSON = new ObjectMapper();

  static ModelTest of(GatewayClient client, String model, String key) throws IOException {
    HttpURLConnection connection = client.open("/v1/messages");
    connection.setRequestMethod("POST");
    connection.setDoOutput(true);
    connection.setReadTimeout(LONGEST_MILLIS);
    connection.setRequestProperty("content-type", "application/json");
    connection.setRequestProperty("authorization", "Bearer " + key);
    try {
      try (OutputStream out = connection.getOutputStream()) {
        out.write(request(model).getBytes(StandardCharsets.UTF_8));
      }
      int status = connection.getResponseCode();
      if (status < HttpURLConnection.HTTP_BAD_REQUEST) {
        return new ModelTest(true, "");
      }
      return new ModelTest(status == TOO_MANY, message(GatewayClient.body(connection), status));
    } catch (SocketTimeoutException e) {
      return new ModelTest(true, "has not answered within " + LONGEST_MILLIS / 1000 + " s");
    }
  }

  private static String request(String model) {
    var request = JSON.createObjectNode();
    request.put("model", model).put("max_tokens", 16);
    request.putArray("messages").addObject().put("role", "user").put("content", "Say hi.");
    return request.toString();
  }

  private static String message(String body, int status) {
    try {
      JsonNode message = JSON.readTree(body).path("error").path("message");
      return message.isTextual() ? message.asText() : "status " + status;
    } catch (IOException e) {
      return "status " + status;
    }
  }
}

"use strict";

const http = require("node:http");

const rules = JSON.parse(process.env.ATTUNE_SENSOR_TRIGGERS);
let count = 0;

function tick() {
  count += 1;
  const body = JSON.stringify({
    trigger_ref: rules[0].trigger_ref,
    trigger_instance_id: `rule_${rules[0].ref}`,
    payload: { count },
  });
  const request = http.request(`${process.env.ATTUNE_API_URL}/api/v1/events`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${process.env.ATTUNE_API_TOKEN}`,
      "Content-Type": "application/json",
      "Content-Length": Buffer.byteLength(body),
    },
  });
  request.on("response", (answer) => answer.resume().on("end", () => setTimeout(tick, 20)));
  request.end(body);
}

tick();

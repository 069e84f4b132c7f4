/// The document that says what a server answers, for programs: OpenAPI 3.1, at `/openapi.json`.
///
/// It is written out rather than derived, so that it can be read; `Server/Tests/interop` has schemathesis compare it with the
/// answers. The names of the models are in it, so that a client made from it knows them.
///
/// Source: OpenAPI Initiative, "OpenAPI Specification 3.1.0".
enum OpenAPIDocument {
    /// Returns the document of a server with these models.
    static func text(models names: [String]) -> String {
        var list = JSONWriter()
        list.elements(.texts(names))
        let names = "[\(String(decoding: list.bytes, as: UTF8.self))]"
        return """
            {"openapi":"3.1.0","info":\(information),"paths":{\(paths.joined(separator: ","))},\
            "components":{"parameters":{\(parameters(names))},"responses":{\(responses)},"schemas":{\(schemas)}}}
            """
    }

    private static let information = #"""
        {"title":"Descent","version":"1","summary":"Trained models over HTTP.",\#
        "description":"The Open Inference Protocol, version 2, with its extensions for binary tensors and classification, \#
        and POST /predict. A slash at the end of a path makes no difference; HEAD is answered as GET without the body; no request \#
        needs a Content-Type. A request that says X-Request-Id gets it back.","license":{"name":"MIT","identifier":"MIT"}}
        """#

    private static let paths = [
        path("/openapi.json", get("document", "This document.", ok(#"{"type":"object"}"#))),
        path(
            "/metrics",
            get(
                "metrics", "Counters for Prometheus.",
                #"{"description":"The text format, version 0.0.4.","content":{"text/plain":{"schema":{"type":"string"}}}}"#
            )),
        path("/v2", get("server", "The server's name and extensions.", ok(reference("Server")))),
        path("/v2/health/live", get("live", "Whether the server runs.", empty)),
        path("/v2/health/ready", get("ready", "Whether every model is ready.", empty)),
        path("/v2/models", get("models", "The models' names.", ok(reference("Models")))),
        path(
            "/v2/models/{name}", get("model", "A model's inputs and outputs.", ok(reference("Model"))),
            ["name"]),
        path("/v2/models/{name}/ready", get("modelReady", "Whether a model is ready.", empty), ["name"]),
        path("/v2/models/{name}/infer", infer("infer"), ["name"]),
        path(
            "/v2/models/{name}/versions/{version}",
            get("modelVersion", "The same of a version.", ok(reference("Model"))), ["name", "version"]),
        path(
            "/v2/models/{name}/versions/{version}/ready",
            get("modelVersionReady", "Whether a version is ready.", empty), ["name", "version"]),
        path("/v2/models/{name}/versions/{version}/infer", infer("inferVersion"), ["name", "version"]),
        path("/predict", predict),
    ]

    private static let empty = #"{"description":"It is."}"#

    private static func reference(_ schema: String) -> String {
        ##"{"$ref":"#/components/schemas/\##(schema)"}"##
    }

    private static func ok(_ schema: String) -> String {
        #"{"description":"The answer.","content":{"application/json":{"schema":\#(schema)}}}"#
    }

    private static func path(_ path: String, _ operation: String, _ parameters: [String] = []) -> String {
        let listed = parameters.map { ##"{"$ref":"#/components/parameters/\##($0)"}"## }.joined(
            separator: ",")
        return #""\#(path)":{"parameters":[\#(listed)],\#(operation)}"#
    }

    /// The refusals of an operation, each by its status code.
    private static func refusals(_ statuses: [Int]) -> String {
        statuses.map { ##""\##($0)":{"$ref":"#/components/responses/\##($0)"}"## }.joined(separator: ",")
    }

    private static func get(_ identifier: String, _ summary: String, _ answer: String) -> String {
        #"""
        "get":{"operationId":"\#(identifier)","summary":"\#(summary)","responses":{"200":\#(answer),\#
        \#(refusals([400, 403, 404, 405, 413, 503]))}}
        """#
    }

    private static func infer(_ identifier: String) -> String {
        ##"""
        "post":{"operationId":"\##(identifier)","summary":"Infers.",\##
        "description":"JSON, or JSON of Inference-Header-Content-Length bytes and behind it the inputs that have \##
        binary_data_size. The elements of data are as many as the shape says, flat or nested.",\##
        "parameters":[{"$ref":"#/components/parameters/headerLength"},{"$ref":"#/components/parameters/encoding"}],\##
        "requestBody":{"required":true,"content":{"application/json":{"schema":\##(reference("InferenceRequest"))},\##
        "application/octet-stream":{"schema":{"type":"string","format":"binary"}}}},\##
        "responses":{"200":{"description":"The outputs; those that travel as bytes follow the JSON.","headers":{\##
        "Inference-Header-Content-Length":{"description":"The length of the JSON, where bytes follow it.",\##
        "required":false,"schema":{"type":"string","pattern":"^[0-9]+$"}}},\##
        "content":{"application/json":{"schema":\##(reference("InferenceAnswer"))},\##
        "application/octet-stream":{"schema":{"type":"string","format":"binary"}}}},\##
        \##(refusals([400, 403, 404, 405, 413, 415, 503]))}}
        """##
    }

    private static let predict = ##"""
        "post":{"operationId":"predict","summary":"What a picture shows, or a row is.",\##
        "description":"The body is a PNG, JPEG or WebP file, a form with such files, or rows in JSON.",\##
        "parameters":[{"$ref":"#/components/parameters/model"},{"$ref":"#/components/parameters/top"},\##
        {"$ref":"#/components/parameters/seen"},{"$ref":"#/components/parameters/encoding"}],\##
        "requestBody":{"required":true,"content":{\##
        "image/png":{"schema":{"type":"string","format":"binary"}},\##
        "image/jpeg":{"schema":{"type":"string","format":"binary"}},\##
        "image/webp":{"schema":{"type":"string","format":"binary"}},\##
        "multipart/form-data":{"schema":{"type":"object","properties":{"image":{"type":"string","format":"binary"}},\##
        "required":["image"]}},\##
        "application/json":{"schema":{"oneOf":[\##(reference("Row")),{"type":"array","minItems":1,"items":\##(reference("Row"))}]}}}},\##
        "responses":{"200":\##(ok(#"{"oneOf":[\#(reference("Prediction")),{"type":"array","items":\#(reference("Prediction"))}]}"#)),\##
        \##(refusals([400, 403, 404, 405, 413, 415, 503]))}}
        """##

    private static func parameters(_ names: String) -> String {
        #"""
        "name":{"name":"name","in":"path","required":true,"schema":{"type":"string","enum":\#(names)}},\#
        "version":{"name":"version","in":"path","required":true,"description":"How often the model was loaded, as its own page says.",\#
        "schema":{"type":"string","pattern":"^[1-9][0-9]{0,8}$"}},\#
        "model":{"name":"model","in":"query","required":false,"description":"Which model; needed where there are several.",\#
        "schema":{"type":"string","enum":\#(names)}},\#
        "top":{"name":"top","in":"query","required":false,"description":"How many of the best classes are listed.",\#
        "schema":{"type":"integer","minimum":1,"maximum":1000,"default":3}},\#
        "seen":{"name":"seen","in":"query","required":false,"description":"1 for the picture that the model saw.",\#
        "schema":{"type":"string","enum":["0","1","false","true"],"default":"0"}},\#
        "headerLength":{"name":"Inference-Header-Content-Length","in":"header","required":false,\#
        "schema":{"type":"string","pattern":"^[0-9]{1,9}$"}},\#
        "encoding":{"name":"Content-Encoding","in":"header","required":false,\#
        "schema":{"type":"string","enum":["identity","gzip","deflate"]}}
        """#
    }

    private static let responses =
        [
            (400, "The request is wrong; error says where."),
            (403, "A page of another site, or another host's name."),
            (404, "There is no such thing."), (405, "Another method is needed: Allow names it."),
            (413, "More than the server accepts."), (415, "The model does not take such a body."),
        ].map { status, what in
            let body = #""content":{"application/json":{"schema":\#(reference("Error"))}}"#
            return #""\#(status)":{"description":"\#(what)",\#(body)}"#
        }.joined(separator: ",") + ##"""
            ,"503":{"description":"Too many requests are being answered.","headers":{"Retry-After":{"required":true,\##
            "description":"Seconds.","schema":{"type":"string","pattern":"^[0-9]+$"}}},\##
            "content":{"application/json":{"schema":\##(reference("Error"))}}}
            """##

    private static let schemas = ##"""
        "Error":{"type":"object","required":["error"],"properties":{"error":{"type":"string"}}},\##
        "Server":{"type":"object","required":["name","version","extensions"],"properties":{"name":{"type":"string"},\##
        "version":{"type":"string"},"extensions":{"type":"array","items":{"type":"string"}}}},\##
        "Models":{"type":"object","required":["models"],"properties":{"models":{"type":"array","items":{"type":"string"}}}},\##
        "Model":{"type":"object","required":["name","versions","platform","inputs","outputs"],"properties":{\##
        "name":{"type":"string"},"versions":{"type":"array","items":{"type":"string"}},"platform":{"type":"string"},\##
        "inputs":{"type":"array","items":\##(reference("TensorDescription"))},\##
        "outputs":{"type":"array","items":\##(reference("TensorDescription"))}}},\##
        "Datatype":{"type":"string","enum":[\##(TensorDatatype.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ","))]},\##
        "TensorDescription":{"type":"object","required":["name","datatype","shape"],"properties":{"name":{"type":"string"},\##
        "datatype":\##(reference("Datatype")),"shape":{"type":"array","items":{"type":"integer","minimum":-1}}}},\##
        "Data":{"type":"array","items":{"anyOf":[{"type":"number"},{"type":"boolean"},{"type":"string"},{"type":"null"},\##
        \##(reference("Data"))]}},\##
        "Shape":{"type":"array","maxItems":8,"items":{"type":"integer","minimum":0}},\##
        "RequestTensor":{"type":"object","required":["name","datatype","shape"],"properties":{"name":{"type":"string"},\##
        "datatype":\##(reference("Datatype")),"shape":\##(reference("Shape")),"data":\##(reference("Data")),\##
        "parameters":{"type":"object","properties":{"binary_data_size":{"type":"integer","minimum":0}}}}},\##
        "RequestOutput":{"type":"object","required":["name"],"properties":{"name":{"type":"string"},"parameters":{"type":"object",\##
        "properties":{"classification":{"type":"integer","minimum":1},"binary_data":{"type":"boolean"}}}}},\##
        "InferenceRequest":{"type":"object","required":["inputs"],"properties":{"id":{"type":"string"},\##
        "parameters":{"type":"object","properties":{"binary_data_output":{"type":"boolean"}}},\##
        "inputs":{"type":"array","minItems":1,"maxItems":4096,"items":\##(reference("RequestTensor"))},\##
        "outputs":{"type":"array","maxItems":64,"items":\##(reference("RequestOutput"))}}},\##
        "AnswerTensor":{"type":"object","required":["name","datatype","shape"],"properties":{"name":{"type":"string"},\##
        "datatype":\##(reference("Datatype")),"shape":\##(reference("Shape")),"data":\##(reference("Data")),\##
        "parameters":{"type":"object","properties":{"binary_data_size":{"type":"integer","minimum":0}}}}},\##
        "InferenceAnswer":{"type":"object","required":["model_name","model_version","outputs"],"properties":{\##
        "id":{"type":"string"},"model_name":{"type":"string"},"model_version":{"type":"string"},\##
        "outputs":{"type":"array","items":\##(reference("AnswerTensor"))}}},\##
        "Row":{"type":"object","description":"A value for each column by its name; null where there is none.",\##
        "additionalProperties":{"type":["number","string","boolean","null"]}},\##
        "Figure":{"type":["number","null"]},\##
        "Prediction":{"type":"object","required":["label","probability","top"],"properties":{"label":{"type":"string"},\##
        "probability":\##(reference("Figure")),"top":{"type":"array","items":{"type":"object","required":["label","probability"],\##
        "properties":{"label":{"type":"string"},"probability":\##(reference("Figure"))}}},\##
        "seen":{"type":"object","required":["shape","pixels"],"properties":{"shape":{"type":"array",\##
        "items":{"type":"integer","minimum":0}},"pixels":{"type":"string","contentEncoding":"base64"}}}}}
        """##
}

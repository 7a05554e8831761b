/// One line of an answer that consists of several: a part of it, or what ended it.
struct EtcdStreamed<Part: Decodable>: Decodable {
  let result: Part?
  let error: EtcdFault?
}

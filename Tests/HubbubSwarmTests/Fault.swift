/// What a scripted server does wrong, on purpose.
enum Fault: Sendable, Equatable {
  case none

  /// Leaves every so-manieth message out for one member.
  case loses(member: String, every: Int)

  /// Tells every so-manieth message twice to one member.
  case doubles(member: String, every: Int)

  /// Swaps every so-manieth message with the one after it for one member.
  case reorders(member: String, every: Int)

  /// Tells one member everything so many messages later than the others.
  case favoursOthers(than: String, behind: Int)

  /// Holds one sender's messages back until so many of others have passed.
  case delays(sender: String, behind: Int)

  /// Changes every so-manieth text for one member.
  case alters(member: String, every: Int)

  /// Tells one member of another room every so-manieth message.
  case leaks(member: String, every: Int)

  /// Puts an earlier time on every so-manieth message.
  case turnsBackTime(every: Int)

  /// Gives every so-manieth message another id for one member.
  case renumbers(member: String, every: Int)

  /// Ends one member's connection after so many messages, with these words.
  case ends(member: String, after: Int, words: String)

  /// Relays nothing any more after so many messages.
  case fallsSilent(after: Int)

  /// Puts every so-manieth message of one sender under this other name.
  case misattributes(sender: String, to: String, every: Int)

  /// Tells one member every so-manieth message as if it were said in another room.
  case misplaces(member: String, every: Int)

  /// Kicks one member after so many messages, and tells it everything all the same.
  case kicks(member: String, after: Int)

  /// Tells whoever has left everything all the same.
  case forgetsPart

  /// Tells whoever comes so many messages before it says that they are in.
  case welcomesLate(messages: Int)

  /// Gives every so-manieth message of one sender the id of the message before.
  case repeatsIDs(sender: String, every: Int)

  /// Ends the connections of one node after so many messages, and lets nobody in there again, and
  /// nobody at the others before so many more were said.
  case dies(node: Int, after: Int, closedFor: Int)

  /// Lets in so many connections and no more, with these words.
  case refuses(after: Int, words: String)
}

// The least that a chat broadcast can cost: a yardstick for the servers that are compared, and no chat server.
//
// One thread and one epoll; each message is copied once for each member, and each member is sent to once for each
// turn of the loop. It knows NICK, USER, JOIN, PRIVMSG and PING, believes everything, and has no limits.
//
//   cc -O2 -o relay relay.c && ./relay PORT
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { INPUT_BYTES = 64 * 1024, MAX_ROOMS = 4096, MAX_CLIENTS = 1 << 17, EVENTS = 512 };

struct client {
  int socket;
  int room;  // -1: none
  char nick[32];
  char input[INPUT_BYTES];
  int input_bytes;
  char *output;
  size_t sent, output_bytes, capacity;
  bool has_output, awaits_space;
};

static struct {
  char name[64];
  struct client **members;
  int count, capacity;
} rooms[MAX_ROOMS];

static int room_count, poller, pending_count;
static struct client *pending[MAX_CLIENTS];

static void put(struct client *client, const char *bytes, size_t count) {
  if (client->output_bytes + count > client->capacity) {
    client->capacity = (client->output_bytes + count) * 2;
    client->output = realloc(client->output, client->capacity);
  }
  memcpy(client->output + client->output_bytes, bytes, count);
  client->output_bytes += count;
  if (client->has_output) return;
  client->has_output = true;
  pending[pending_count++] = client;
}

static void await(struct client *client, bool space) {
  if (client->awaits_space == space) return;
  client->awaits_space = space;
  struct epoll_event event = {.events = EPOLLIN | (space ? EPOLLOUT : 0), .data.ptr = client};
  epoll_ctl(poller, EPOLL_CTL_MOD, client->socket, &event);
}

static void flush(struct client *client) {
  client->has_output = false;
  if (client->socket < 0) return;
  while (client->sent < client->output_bytes) {
    ssize_t count = send(client->socket, client->output + client->sent,
                         client->output_bytes - client->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
    if (count < 0) return await(client, true);
    client->sent += count;
  }
  client->sent = client->output_bytes = 0;
  await(client, false);
}

static void join(struct client *client, const char *name) {
  int room = 0;
  while (room < room_count && strcmp(rooms[room].name, name)) room++;
  if (room == room_count) snprintf(rooms[room_count++].name, sizeof rooms[room].name, "%s", name);
  if (rooms[room].count == rooms[room].capacity) {
    rooms[room].capacity = rooms[room].capacity * 2 + 8;
    rooms[room].members =
        realloc(rooms[room].members, sizeof(struct client *) * rooms[room].capacity);
  }
  rooms[room].members[rooms[room].count++] = client;
  client->room = room;
  char answer[160];
  put(client, answer, snprintf(answer, sizeof answer, ":relay 366 %s %s :End\r\n", client->nick, name));
}

static void broadcast(struct client *client, const char *line, int count) {
  if (client->room < 0) return;
  char message[INPUT_BYTES + 80];
  int length = sprintf(message, ":%s!u@localhost ", client->nick);
  memcpy(message + length, line, count);
  length += count;
  message[length++] = '\r';
  message[length++] = '\n';
  for (int index = 0; index < rooms[client->room].count; index++) {
    struct client *member = rooms[client->room].members[index];
    if (member != client) put(member, message, length);
  }
}

static void carry_out(struct client *client, char *line, int count) {
  char answer[600];
  if (!strncmp(line, "PRIVMSG ", 8)) broadcast(client, line, count);
  if (!strncmp(line, "NICK ", 5)) snprintf(client->nick, sizeof client->nick, "%.31s", line + 5);
  if (!strncmp(line, "JOIN ", 5)) join(client, line + 5);
  if (!strncmp(line, "PING ", 5))
    put(client, answer, snprintf(answer, sizeof answer, ":relay PONG relay %.500s\r\n", line + 5));
  if (!strncmp(line, "USER ", 5))
    put(client, answer,
        snprintf(answer, sizeof answer, ":relay 001 %s :hi\r\n:relay 422 %s :No message\r\n",
                 client->nick, client->nick));
}

static void leave(struct client *client) {
  close(client->socket);
  client->socket = -1;
  if (client->room < 0) return;
  for (int index = 0; index < rooms[client->room].count; index++) {
    if (rooms[client->room].members[index] != client) continue;
    rooms[client->room].members[index] = rooms[client->room].members[--rooms[client->room].count];
    return;
  }
}

static void hear(struct client *client) {
  if (client->socket < 0) return;
  ssize_t count = recv(client->socket, client->input + client->input_bytes,
                       INPUT_BYTES - client->input_bytes, MSG_DONTWAIT);
  if (count == 0 || (count < 0 && errno != EAGAIN)) return leave(client);
  if (count < 0) return;
  char *start = client->input, *end = client->input + client->input_bytes + count, *newline;
  while ((newline = memchr(start, '\n', end - start))) {
    int length = newline - start;
    if (length && start[length - 1] == '\r') length--;
    start[length] = 0;
    carry_out(client, start, length);
    start = newline + 1;
  }
  client->input_bytes = end - start;
  memmove(client->input, start, client->input_bytes);
}

static void meet(int listener) {
  int on = 1;
  struct client *client = calloc(1, sizeof *client);
  client->socket = accept(listener, NULL, NULL);
  client->room = -1;
  setsockopt(client->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = client};
  epoll_ctl(poller, EPOLL_CTL_ADD, client->socket, &event);
}

static int listen_on(int port) {
  int listener = socket(AF_INET, SOCK_STREAM, 0), on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  struct sockaddr_in address = {.sin_family = AF_INET,
                                .sin_port = htons(port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
    perror("relay");
    exit(1);
  }
  return listener;
}

int main(int count, char **arguments) {
  if (count != 2) return fprintf(stderr, "usage: relay PORT\n"), 64;
  int listener = listen_on(atoi(arguments[1]));
  poller = epoll_create1(0);
  struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
  epoll_ctl(poller, EPOLL_CTL_ADD, listener, &event);
  for (;;) {
    struct epoll_event events[EVENTS];
    int ready = epoll_wait(poller, events, EVENTS, -1);
    for (int index = 0; index < ready; index++) {
      struct client *client = events[index].data.ptr;
      if (!client) {
        meet(listener);
        continue;
      }
      if (events[index].events & EPOLLOUT) flush(client);
      if (events[index].events & EPOLLIN) hear(client);
    }
    for (int index = 0; index < pending_count; index++) flush(pending[index]);
    pending_count = 0;
  }
}

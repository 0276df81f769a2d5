"""A real mail server on loopback for the tests: says its port, then every letter it takes, one JSON object a line.

`later@…` is put off once, `never@…` is refused for good. It ends with its standard input, or after ten minutes.
"""
import asyncio
import json
import sys
from email import message_from_bytes, policy

from aiosmtpd.smtp import SMTP

put_off = set()


def say(what):
    print(json.dumps(what, ensure_ascii=True), flush=True)


class Box:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("never@"):
            say({"refused": address})
            return "550 no such mailbox"
        if address.startswith("later@") and address not in put_off:
            put_off.add(address)
            say({"put-off": address})
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        letter = message_from_bytes(envelope.content, policy=policy.default)
        say({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "subject": str(letter["subject"]),
            "headers": {name: str(value) for name, value in letter.items()},
            "text": letter.get_content(),
        })
        return "250 taken"


async def main():
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(Box(), enable_SMTPUTF8=True), "127.0.0.1", 0)
    say({"port": server.sockets[0].getsockname()[1]})
    gone = loop.run_in_executor(None, sys.stdin.read)
    await asyncio.wait([asyncio.ensure_future(gone)], timeout=600)
    server.close()


asyncio.run(main())

#include "server/llm/provider_links.h"

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>

namespace ormc::server {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;

// A name that stands for something else each time it is asked for, and who listens on this machine.
class ProviderLinksTest : public testing::Test {
 protected:
  // Where a connection to the name leads now; throws where there is none.
  tcp::endpoint Connect() {
    auto opened = asio::co_spawn(io_, links_.Open<PlainStream>({}, std::chrono::minutes(1)),
                                 asio::use_future);
    io_.restart();
    io_.run();
    return opened.get()->stream.socket().remote_endpoint();
  }

  asio::io_context io_;
  tcp::acceptor listening_{io_, {asio::ip::address_v4::loopback(), 0}};
  const tcp::endpoint here_ = listening_.local_endpoint();
  const tcp::endpoint metadata_{asio::ip::make_address("169.254.169.254"), 80};
  std::vector<Addresses> told_;  // the next last
  ProviderLinks links_{io_.get_executor(), [this](const Endpoint&) -> asio::awaitable<Addresses> {
                         Addresses addresses = std::move(told_.back());
                         told_.pop_back();
                         co_return addresses;
                       }};
};

TEST_F(ProviderLinksTest, ANameThatStandsForSomethingElseAfterItWasLookedAtLeadsNowhereElse) {
  told_ = {{metadata_}, {here_}};
  EXPECT_EQ(Connect(), here_);
  EXPECT_EQ(told_.size(), 1U) << "it was resolved once";
  EXPECT_THROW(Connect(), boost::system::system_error);
}

TEST_F(ProviderLinksTest, OfSeveralAddressesOnlyThoseThatMayBeCalledAreTried) {
  told_ = {{metadata_, here_}};
  EXPECT_EQ(Connect(), here_);
}

}  // namespace
}  // namespace ormc::server
